package dev.weft.topology.picture;

import dev.weft.topology.history.WorkloadFact;
import dev.weft.types.ServiceId;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How what a card stands for is. Confined to one drawing. */
final class Cards {
  private static final Card NOTHING = new Card(0, 0, false, Status.IDLE, List.of());

  private final Contents contents;
  private final Survey survey;
  private final Map<Spot, Count> in = new HashMap<>();
  private final Map<Spot, Count> out = new HashMap<>();
  private final Map<Spot, Count> stops = new HashMap<>();
  private final Map<Spot, Card> standing = new HashMap<>();

  /**
   * @param ghost whether all that it stands for is gone
   */
  record Card(int pods, int ready, boolean ghost, Status status, List<Mark> marks) {}

  Cards(Contents contents, Survey survey) {
    this.contents = contents;
    this.survey = survey;
    // What stays within a card of a coarse level counts for it too.
    survey.calls().forEach(this::count);
    // Stops on the way are nobody's ends.
    contents
        .calls()
        .forEach(
            (call, ends) -> {
              if (call.target().kind() == NodeKind.SERVICE) {
                stops.computeIfAbsent(call.target(), s -> new Count()).add(ends.counted);
              }
            });
    contents
        .workloads()
        .forEach(w -> standing.merge(w.on(contents.level()), standing(w), Cards::together));
  }

  private void count(Call call, Ends ends) {
    out.computeIfAbsent(call.source().on(contents.level()), s -> new Count()).add(ends.counted);
    in.computeIfAbsent(call.target().on(contents.level()), s -> new Count()).add(ends.counted);
  }

  Card of(Spot spot) {
    if (spot.kind() == NodeKind.SERVICE) {
      String host =
          new ServiceId(spot.namespace(), spot.name())
              .hostname(survey.snapshot().settings().domainSuffix());
      return new Card(
          0,
          0,
          false,
          stops.getOrDefault(spot, new Count()).status(),
          survey.marks().ofService(host));
    }
    Card stands = standing.getOrDefault(spot, NOTHING);
    Status traffic =
        in.getOrDefault(spot, new Count())
            .status()
            .worse(out.getOrDefault(spot, new Count()).status());
    Status status = stands.ghost() ? Status.NOT_READY : stands.status().worse(traffic);
    return new Card(stands.pods(), stands.ready(), stands.ghost(), status, stands.marks());
  }

  private Card standing(Spot spot) {
    WorkloadFact fact = survey.fact(spot);
    if (survey.ghost(spot)) {
      return new Card(0, 0, true, Status.IDLE, List.of());
    }
    return fact == null
        ? NOTHING
        : new Card(
            fact.pods(),
            fact.ready(),
            false,
            replicas(fact),
            survey.marks().of(fact, survey.cluster(spot)));
  }

  private static Status replicas(WorkloadFact fact) {
    if (fact.ready() == 0) {
      return Status.FAILURE;
    }
    return fact.ready() < fact.pods() ? Status.DEGRADED : Status.IDLE;
  }

  private static Card together(Card a, Card b) {
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    marks.addAll(a.marks());
    marks.addAll(b.marks());
    return new Card(
        a.pods() + b.pods(),
        a.ready() + b.ready(),
        a.ghost() && b.ghost(),
        a.status().worse(b.status()),
        List.copyOf(marks));
  }
}
