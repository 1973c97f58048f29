package dev.weft.snapshot;

import dev.weft.config.AuthorizationPolicy;
import dev.weft.config.ConfigSet;
import dev.weft.config.DestinationRule;
import dev.weft.config.Diagnostic;
import dev.weft.config.EnvoyFilter;
import dev.weft.config.ObjectMeta;
import dev.weft.config.PeerAuthentication;
import dev.weft.config.PolicyTarget;
import dev.weft.config.RequestAuthentication;
import dev.weft.config.Telemetry;
import java.util.List;
import java.util.Map;

/** Policies for pods that are not there. */
final class SelectorFindings {
  private SelectorFindings() {}

  static void add(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (PeerAuthentication policy : config.all(PeerAuthentication.class)) {
      check(
          policy.meta(), policy.selector(), "spec.selector.matchLabels", false, snapshot, findings);
    }
    for (AuthorizationPolicy policy : config.all(AuthorizationPolicy.class)) {
      target(policy.meta(), policy.target(), snapshot, findings);
    }
    for (RequestAuthentication policy : config.all(RequestAuthentication.class)) {
      target(policy.meta(), policy.target(), snapshot, findings);
    }
    for (Telemetry telemetry : config.all(Telemetry.class)) {
      if (!telemetry.target().elsewhere()) {
        check(
            telemetry.meta(),
            telemetry.target().labels(),
            "spec.selector.matchLabels",
            false,
            snapshot,
            findings);
      }
    }
    for (EnvoyFilter filter : config.all(EnvoyFilter.class)) {
      if (!filter.target().elsewhere()) {
        check(
            filter.meta(),
            filter.target().labels(),
            "spec.workloadSelector.labels",
            filter.meta().namespace().equals(snapshot.settings().rootNamespace()),
            snapshot,
            findings);
      }
    }
    for (DestinationRule rule : config.all(DestinationRule.class)) {
      check(
          rule.meta(),
          rule.workloadSelector(),
          "spec.workloadSelector.matchLabels",
          false,
          snapshot,
          findings);
    }
  }

  private static void target(
      ObjectMeta meta, PolicyTarget target, MeshSnapshot snapshot, List<Diagnostic> findings) {
    if (!target.elsewhere()) {
      boolean everywhere = meta.namespace().equals(snapshot.settings().rootNamespace());
      check(meta, target.labels(), "spec.selector.matchLabels", everywhere, snapshot, findings);
    }
  }

  private static void check(
      ObjectMeta meta,
      Map<String, String> selector,
      String path,
      boolean everywhere,
      MeshSnapshot snapshot,
      List<Diagnostic> findings) {
    boolean any =
        selector.isEmpty()
            || snapshot.workloads().values().stream()
                .anyMatch(
                    w ->
                        (everywhere || w.key().namespace().equals(meta.namespace()))
                            && w.labels().entrySet().containsAll(selector.entrySet()));
    if (!any) {
      findings.add(
          Diagnostic.warning(
              FindingCode.SELECTS_NOTHING,
              meta.ref().toString(),
              path,
              (everywhere ? "no pod" : "no pod of namespace " + meta.namespace())
                  + " has the labels "
                  + selector
                  + " in any cluster, so it applies to nothing: correct the labels"));
    }
  }
}
