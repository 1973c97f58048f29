package dev.weft.topology.picture;

import dev.weft.config.DestinationRule.Subset;
import dev.weft.snapshot.MergedDestinationRule;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.topology.Severity;
import dev.weft.topology.history.ServiceFact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Services and subsets that nobody stands behind. */
final class Shortages {
  private Shortages() {}

  static void add(Survey survey, View view, List<Said> said) {
    services(survey, said);
    Set<SubsetRoutes.Subset> routed = SubsetRoutes.of(survey.snapshot());
    for (MergedDestinationRule rule : survey.snapshot().destinationRules().all()) {
      survey
          .snapshot()
          .serviceByHostname(rule.host())
          .filter(
              s -> view.namespaces().isEmpty() || view.namespaces().contains(s.id().namespace()))
          .ifPresent(service -> subsets(rule, service, routed, survey, said));
    }
  }

  private static void services(Survey survey, List<Said> said) {
    Map<String, Map<Call, Count>> called = new TreeMap<>();
    survey
        .calls()
        .forEach(
            (call, ends) ->
                called
                    .computeIfAbsent(call.service(), s -> new TreeMap<>())
                    .put(call, ends.counted));
    called.forEach(
        (host, calls) -> {
          ServiceFact service = survey.state().services().get(host);
          if (service != null && service.ready() == 0) {
            said.add(
                Said.about(
                    SentenceCode.NO_ENDPOINTS,
                    Map.of(
                        "service", host,
                        "clusters", String.join(", ", service.clusters()),
                        "callers",
                            String.join(
                                ", ",
                                calls.keySet().stream()
                                    .map(c -> c.source().id())
                                    .distinct()
                                    .toList())),
                    Severity.ERROR,
                    spots(calls.keySet()),
                    calls.keySet(),
                    calls.values().stream().mapToLong(c -> c.requests).sum()));
          }
        });
  }

  private static Set<Spot> spots(Set<Call> calls) {
    Set<Spot> spots = new TreeSet<>();
    calls.forEach(
        call -> {
          spots.add(call.source());
          spots.add(call.target());
        });
    return spots;
  }

  private static void subsets(
      MergedDestinationRule rule,
      MeshService service,
      Set<SubsetRoutes.Subset> routed,
      Survey survey,
      List<Said> said) {
    for (Subset subset : rule.subsets()) {
      boolean empty =
          service.endpoints().stream()
              .noneMatch(e -> e.labels().entrySet().containsAll(subset.labels().entrySet()));
      // Without any endpoint, labels are not what is wrong.
      if (empty && !service.endpoints().isEmpty()) {
        List<Call> calls =
            survey.calls().keySet().stream()
                .filter(c -> c.service().equals(service.hostname()))
                .toList();
        said.add(
            Said.about(
                SentenceCode.EMPTY_SUBSET,
                Map.of(
                    "rule", rule.sources().getFirst().toString(),
                    "subset", subset.name(),
                    "labels", text(subset.labels()),
                    "found", found(subset.labels().keySet(), service),
                    "service", service.hostname(),
                    "endpoints", String.valueOf(service.endpoints().size())),
                routed.contains(new SubsetRoutes.Subset(service.hostname(), subset.name()))
                    ? Severity.ERROR
                    : Severity.WARNING,
                List.of(),
                List.of(),
                calls.size()));
      }
    }
  }

  private static String text(Map<String, String> labels) {
    return String.join(
        ", ",
        new TreeMap<>(labels)
            .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  /** The values that endpoints have of the labels that were asked for. */
  private static String found(Set<String> keys, MeshService service) {
    Map<String, Set<String>> values = new TreeMap<>();
    for (ServiceEndpoint endpoint : service.endpoints()) {
      for (String key : keys) {
        String value = endpoint.labels().get(key);
        if (value != null) {
          values.computeIfAbsent(key, k -> new TreeSet<>()).add(value);
        }
      }
    }
    List<String> texts = new ArrayList<>();
    values.forEach((key, all) -> texts.add(key + "=" + String.join("|", all)));
    return String.join(", ", texts);
  }
}
