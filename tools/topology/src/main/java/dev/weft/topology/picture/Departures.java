package dev.weft.topology.picture;

import dev.weft.topology.Severity;
import dev.weft.topology.history.ServiceFact;
import dev.weft.topology.history.ServiceFact.Endpoints;
import dev.weft.topology.history.Shares;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Callers whose traffic leaves their cluster, though the service is one of their own cluster too.
 */
final class Departures {
  /** Below it, a share is not worth a sentence. */
  private static final double FEW = 0.05;

  /** From it on, a share is all. */
  private static final double ALL = 0.995;

  private Departures() {}

  private record Caller(Spot source, String service) {}

  static void add(Survey survey, List<Said> said) {
    Map<Caller, Map<Call, Count>> callers = new HashMap<>();
    survey
        .calls()
        .forEach(
            (call, ends) -> {
              if (!call.source().cluster().isEmpty() && !call.target().cluster().isEmpty()) {
                callers
                    .computeIfAbsent(
                        new Caller(call.source(), call.service()), c -> new TreeMap<>())
                    .put(call, ends.counted);
              }
            });
    Map<Caller, List<Spot>> gone = new HashMap<>();
    for (Call known : survey.known().keySet()) {
      if (survey.ghost(known.target())) {
        gone.computeIfAbsent(new Caller(known.source(), known.service()), c -> new ArrayList<>())
            .add(known.target());
      }
    }
    callers.forEach(
        (caller, calls) -> {
          ServiceFact service = survey.state().services().get(caller.service());
          if (service != null && service.clusters().contains(caller.source().cluster())) {
            departure(caller, calls, service, gone.getOrDefault(caller, List.of()), survey, said);
          }
        });
  }

  private static void departure(
      Caller caller,
      Map<Call, Count> calls,
      ServiceFact service,
      List<Spot> gone,
      Survey survey,
      List<Said> said) {
    String own = caller.source().cluster();
    long all = 0;
    long left = 0;
    Map<String, Long> to = new TreeMap<>();
    List<Call> leaving = new ArrayList<>();
    for (Map.Entry<Call, Count> each : calls.entrySet()) {
      String cluster = each.getKey().target().cluster();
      long requests = each.getValue().requests;
      all += requests;
      if (!cluster.equals(own)) {
        left += requests;
        to.merge(cluster, requests, Long::sum);
        leaving.add(each.getKey());
      }
    }
    double share = all == 0 ? 0 : (double) left / all;
    if (share < FEW) {
      return;
    }
    Endpoints here = service.in(own);
    said.add(
        Said.about(
            share >= ALL ? SentenceCode.ALL_LEFT : SentenceCode.PART_LEFT,
            Map.of(
                "caller", caller.source().name(),
                "namespace", caller.source().namespace(),
                "cluster", own,
                "service", caller.service(),
                "share", Shares.text(share),
                "to", joined(to),
                "since", since(caller, survey),
                "ready", String.valueOf(here.ready()),
                "total", String.valueOf(here.total())),
            // With endpoints at home, somebody may have wanted it so.
            here.ready() == 0 ? Severity.WARNING : Severity.INFO,
            about(caller, leaving, gone),
            leaving,
            left));
  }

  private static String joined(Map<String, Long> clusters) {
    return String.join(
        ", ",
        clusters.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .toList());
  }

  private static String since(Caller caller, Survey survey) {
    return survey
        .history()
        .since(Survey.place(caller.source()), caller.service())
        .filter(moment -> !moment.isAfter(survey.at()))
        .map(Instant::toString)
        .orElse("");
  }

  /** The caller, whom it calls now, and whom it called before that is gone. */
  private static Set<Spot> about(Caller caller, List<Call> leaving, List<Spot> gone) {
    Set<Spot> spots = new LinkedHashSet<>();
    spots.add(caller.source());
    leaving.forEach(call -> spots.add(call.target()));
    spots.addAll(gone);
    return spots;
  }
}
