package dev.weft.snapshot;

import dev.weft.config.ConfigSet;
import dev.weft.config.DestinationRule;
import dev.weft.config.Diagnostic;
import dev.weft.config.LocalityLoadBalancing;
import dev.weft.config.LocalityLoadBalancing.Distribute;
import dev.weft.config.TrafficPolicy;
import dev.weft.config.TrafficPolicy.LoadBalancer;
import dev.weft.config.TrafficPolicy.OutlierDetection;
import dev.weft.types.Locality;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Traffic policies that do not do what they look like. */
final class PolicyFindings {
  private PolicyFindings() {}

  static void add(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (DestinationRule rule : config.all(DestinationRule.class)) {
      Optional<MeshService> service =
          snapshot.serviceByHostname(
              HostNames.full(
                  rule.host(), rule.meta().namespace(), snapshot.settings().domainSuffix()));
      policy(rule, "spec.trafficPolicy", rule.trafficPolicy(), null, service, findings);
      for (int i = 0; i < rule.subsets().size(); i++) {
        policy(
            rule,
            "spec.subsets[" + i + "].trafficPolicy",
            rule.subsets().get(i).trafficPolicy(),
            rule.trafficPolicy().outlierDetection(),
            service,
            findings);
      }
    }
  }

  private static void policy(
      DestinationRule rule,
      String path,
      TrafficPolicy policy,
      @Nullable OutlierDetection inherited,
      Optional<MeshService> service,
      List<Diagnostic> findings) {
    @Nullable OutlierDetection outlier = policy.outlierDetection();
    @Nullable LoadBalancer balancer = policy.loadBalancer();
    @Nullable LocalityLoadBalancing locality = balancer == null ? null : balancer.locality();
    boolean shares = locality != null && !locality.distribute().isEmpty();
    boolean failover =
        locality != null
            && locality.enabled()
            && (!locality.failover().isEmpty() || !locality.failoverPriority().isEmpty());
    if (failover && !shares && outlier == null && inherited == null) {
      findings.add(
          Diagnostic.warning(
              FindingCode.FAILOVER_WITHOUT_DETECTION,
              rule.ref().toString(),
              path + ".loadBalancer.localityLbSetting",
              "without outlierDetection nothing notices a locality that fails, and all localities"
                  + " count alike: set outlierDetection"));
    }
    if (outlier != null && outlier.maxEjectionPercent() == null && !shares) {
      findings.add(
          Diagnostic.note(
              FindingCode.EJECTION_CAP,
              rule.ref().toString(),
              path + ".outlierDetection.maxEjectionPercent",
              "it is not set: here all endpoints of a locality may be ejected, as failover needs"
                  + " it; Istio's default is 10 %, which keeps a small locality in use while it"
                  + " fails; write 100 to mean the same everywhere"));
    }
    if (locality != null && locality.enabled()) {
      service.ifPresent(
          s -> locality.distribute().forEach(d -> distribution(rule, path, d, s, findings)));
    }
  }

  private static void distribution(
      DestinationRule rule,
      String path,
      Distribute distribute,
      MeshService service,
      List<Diagnostic> findings) {
    TreeSet<Locality> known =
        service.endpoints().stream()
            .map(ServiceEndpoint::locality)
            .collect(Collectors.toCollection(TreeSet::new));
    distribute
        .to()
        .forEach(
            (pattern, percent) -> {
              if (known.stream().noneMatch(l -> matches(pattern, l))) {
                findings.add(
                    Diagnostic.warning(
                        FindingCode.EMPTY_LOCALITY,
                        rule.ref().toString(),
                        path + ".loadBalancer.localityLbSetting.distribute",
                        percent
                            + " % from "
                            + distribute.from()
                            + " are meant for "
                            + pattern
                            + ", where "
                            + service.hostname()
                            + " has no endpoint; it has them in "
                            + known));
              }
            });
  }

  private static boolean matches(String pattern, Locality locality) {
    String[] parts = pattern.split("/", -1);
    String[] own = {locality.region(), locality.zone(), locality.subzone()};
    for (int i = 0; i < parts.length && i < own.length; i++) {
      if (parts[i].equals("*")) {
        return true;
      }
      if (!parts[i].equals(own[i])) {
        return false;
      }
    }
    return true;
  }
}
