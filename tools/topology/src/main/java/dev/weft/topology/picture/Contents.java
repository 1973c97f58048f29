package dev.weft.topology.picture;

import dev.weft.topology.history.WorkloadFact;
import dev.weft.topology.history.WorkloadFact.Role;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a view shows, on a level.
 *
 * @param workloads that the cards stand for, those that are gone too
 * @param spots one for each card, in order
 * @param calls one for each edge, in order; those of ghosts have no counts
 * @param known that order the cards, drawn or not
 */
record Contents(
    Level level,
    Set<Spot> workloads,
    Set<Spot> spots,
    Map<Call, Ends> calls,
    Map<Call, Ends> known) {
  /** More cards than this are a thicket, and slow in a browser. */
  static final int MAX_NODES = 300;

  private static final int MAX_EDGES = 600;

  static Contents of(Survey survey, View view, Level level) {
    Map<Call, Ends> calls = within(survey.calls(), view);
    Map<Call, Ends> known = within(survey.known(), view);
    ghostly(survey, known).forEach(calls::putIfAbsent);
    Set<Spot> workloads = new HashSet<>();
    calls.keySet().forEach(c -> Stream.of(c.source(), c.target()).forEach(workloads::add));
    standing(survey, view, workloads);
    if (view.services()) {
      calls = Calls.byServices(calls, survey.spots());
      known = Calls.byServices(known, survey.spots());
    }
    calls = Calls.on(level, calls);
    if (level != Level.WORKLOAD) {
      // What is gone is no ghost where the card stands for more.
      calls.values().removeIf(ends -> ends.counted.isNone());
    }
    Set<Spot> spots = new TreeSet<>();
    workloads.forEach(s -> spots.add(s.on(level)));
    calls.keySet().forEach(c -> Stream.of(c.source(), c.target()).forEach(spots::add));
    return new Contents(level, workloads, spots, new TreeMap<>(calls), Calls.on(level, known));
  }

  boolean tooMany() {
    return spots.size() > MAX_NODES || calls.size() > MAX_EDGES;
  }

  /** With one end that the view sees; the other is what it speaks with. */
  private static Map<Call, Ends> within(Map<Call, Ends> calls, View view) {
    if (view.clusters().isEmpty() && view.namespaces().isEmpty()) {
      return new HashMap<>(calls);
    }
    Map<Call, Ends> seen = new HashMap<>();
    calls.forEach(
        (call, ends) -> {
          if (view.sees(call.source()) || view.sees(call.target())) {
            seen.put(call, ends);
          }
        });
    return seen;
  }

  /** The former edges of what is gone. */
  private static Map<Call, Ends> ghostly(Survey survey, Map<Call, Ends> known) {
    Map<Call, Ends> ghostly = new HashMap<>();
    known.forEach(
        (call, ends) -> {
          if (survey.ghost(call.source()) || survey.ghost(call.target())) {
            ghostly.put(call, ends);
          }
        });
    return ghostly;
  }

  /** What is there or was, with or without traffic. */
  private static void standing(Survey survey, View view, Set<Spot> spots) {
    Stream<WorkloadFact> present =
        view.idle() ? survey.state().workloads().values().stream() : Stream.empty();
    Stream.concat(present, survey.ghosts().values().stream())
        .filter(w -> w.role() != Role.CROSS_CLUSTER_PROXY)
        .filter(w -> w.proxied() > 0 || unproxied(w, survey))
        .forEach(
            w ->
                survey.spots().of(w.place()).filter(spot -> view.sees(spot)).ifPresent(spots::add));
  }

  /** What has no proxy belongs to the picture where somebody can call it by a name. */
  private static boolean unproxied(WorkloadFact workload, Survey survey) {
    return survey.marks().serves(workload.place()) && survey.ofUsers(workload.place().namespace());
  }
}
