package dev.weft.snapshot;

import dev.weft.config.DestinationRule;
import dev.weft.config.DestinationRule.Subset;
import dev.weft.config.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Subsets that select no endpoint, and what they could select instead. Istio: IST0173. */
public final class EmptySubsets {
  private EmptySubsets() {}

  /**
   * What a rule would be told that somebody is about to write. Nothing for services without
   * endpoints: those come when they come.
   */
  public static List<Diagnostic> of(DestinationRule rule, MeshSnapshot snapshot) {
    List<Diagnostic> findings = new ArrayList<>();
    DestinationRuleMerge.merge(snapshot.settings(), List.of(rule), snapshot.destinationRules())
        .rules()
        .all()
        .forEach(
            merged ->
                snapshot
                    .serviceByHostname(merged.host())
                    .filter(service -> !service.endpoints().isEmpty())
                    .ifPresent(service -> findings.addAll(of(merged, service))));
    return findings;
  }

  static List<Diagnostic> of(MergedDestinationRule rule, MeshService service) {
    List<Diagnostic> findings = new ArrayList<>();
    for (Subset subset : rule.subsets()) {
      if (service.endpoints().stream().noneMatch(e -> selects(subset, e))) {
        findings.add(
            Diagnostic.error(
                FindingCode.EMPTY_SUBSET,
                rule.sources().getFirst().toString(),
                "spec.subsets",
                "subset "
                    + subset.name()
                    + " selects none of the "
                    + service.endpoints().size()
                    + " endpoints of "
                    + rule.host()
                    + " by "
                    + subset.labels()
                    + "; requests for it get 503 UH"
                    + wayOut(subset, service)));
      }
    }
    return findings;
  }

  private static boolean selects(Subset subset, ServiceEndpoint endpoint) {
    return endpoint.labels().entrySet().containsAll(subset.labels().entrySet());
  }

  /** The values that there are of the labels that the subset asks for. */
  private static String wayOut(Subset subset, MeshService service) {
    if (service.endpoints().isEmpty()) {
      return "";
    }
    Map<String, Set<String>> there = new TreeMap<>();
    for (String label : subset.labels().keySet()) {
      Set<String> values = new TreeSet<>();
      for (ServiceEndpoint endpoint : service.endpoints()) {
        String value = endpoint.labels().get(label);
        if (value != null) {
          values.add(value);
        }
      }
      there.put(label, values);
    }
    StringBuilder text = new StringBuilder(". Its endpoints have ");
    List<String> parts = new ArrayList<>();
    there.forEach(
        (label, values) ->
            parts.add(
                values.isEmpty()
                    ? "no label " + label
                    : label + ": " + String.join(" or ", values)));
    return text.append(String.join(", and ", parts))
        .append("; write these into the subset, or give the pods its labels")
        .toString();
  }
}
