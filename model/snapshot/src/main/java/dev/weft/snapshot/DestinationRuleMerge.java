package dev.weft.snapshot;

import dev.weft.config.DefaultExports;
import dev.weft.config.DestinationRule;
import dev.weft.config.DestinationRule.Subset;
import dev.weft.config.Diagnostic;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectRef;
import dev.weft.config.TrafficPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Destination rules for one host in one namespace, as one. Istio:
 * pilot/pkg/model/destination_rule.go.
 */
final class DestinationRuleMerge {
  private DestinationRuleMerge() {}

  /** The rules and what was noticed. */
  record Merged(DestinationRules rules, List<Diagnostic> diagnostics) {}

  private record Group(
      String namespace, String host, Map<String, String> workloadSelector, List<String> exportTo) {}

  /**
   * Merges rules.
   *
   * @param previous whose rules are used again where they are equal
   */
  static Merged merge(MeshSettings settings, List<DestinationRule> all, DestinationRules previous) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    Map<Group, List<DestinationRule>> groups = new LinkedHashMap<>();
    all.stream()
        .sorted(
            Comparator.comparing((DestinationRule r) -> r.meta().created())
                .thenComparing(DestinationRule::ref))
        .forEach(
            r ->
                groups
                    .computeIfAbsent(
                        new Group(
                            r.meta().namespace(),
                            HostNames.full(r.host(), r.meta().namespace(), settings.domainSuffix()),
                            r.workloadSelector(),
                            DefaultExports.or(r.exportTo(), settings.exports().destinationRules())
                                .stream()
                                .sorted()
                                .toList()),
                        g -> new ArrayList<>())
                    .add(r));
    List<MergedDestinationRule> merged = new ArrayList<>();
    groups.forEach((group, rules) -> merged.add(previous.known(merged(group, rules, diagnostics))));
    return new Merged(DestinationRules.of(settings.rootNamespace(), merged), diagnostics);
  }

  private static MergedDestinationRule merged(
      Group group, List<DestinationRule> rules, List<Diagnostic> diagnostics) {
    TrafficPolicy policy = TrafficPolicy.NONE;
    Map<String, Subset> subsets = new LinkedHashMap<>();
    Map<String, ObjectRef> definedBy = new LinkedHashMap<>();
    ObjectRef policyFrom = null;
    for (DestinationRule rule : rules) {
      if (!rule.trafficPolicy().isEmpty()) {
        if (policyFrom == null) {
          policy = rule.trafficPolicy();
          policyFrom = rule.ref();
        } else {
          diagnostics.add(
              Diagnostic.warning(
                  "traffic-policy-ignored",
                  rule.ref().toString(),
                  "spec.trafficPolicy",
                  "the older "
                      + policyFrom
                      + " already has one for "
                      + group.host()
                      + "; merge them"));
        }
      }
      for (Subset subset : rule.subsets()) {
        if (subsets.putIfAbsent(subset.name(), subset) == null) {
          definedBy.put(subset.name(), rule.ref());
        } else {
          diagnostics.add(
              Diagnostic.warning(
                  "duplicate-subset",
                  rule.ref().toString(),
                  "spec.subsets",
                  "subset "
                      + subset.name()
                      + " is already defined by "
                      + definedBy.get(subset.name())
                      + ", which wins; rename one"));
        }
      }
    }
    return new MergedDestinationRule(
        group.namespace(),
        group.host(),
        policy,
        List.copyOf(subsets.values()),
        group.exportTo(),
        group.workloadSelector(),
        rules.stream().map(DestinationRule::ref).toList());
  }
}
