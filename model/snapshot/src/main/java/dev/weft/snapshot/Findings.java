package dev.weft.snapshot;

import dev.weft.config.ConfigSet;
import dev.weft.config.DestinationRule;
import dev.weft.config.Diagnostic;
import dev.weft.config.MemberClusterSpec;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is wrong with a mesh: what was noticed when its objects were read, and what only shows in
 * the whole picture. Looks at everything, so that nobody who is in a hurry should wait for it.
 */
public final class Findings {
  private Findings() {}

  /**
   * All findings, the worst first.
   *
   * @param snapshot that was made of {@code config}
   */
  public static List<Diagnostic> of(ConfigSet config, MeshSnapshot snapshot) {
    List<Diagnostic> findings = new ArrayList<>(config.diagnostics());
    services(config, snapshot, findings);
    findings.addAll(Gateways.find(config, Networks.of(config), snapshot.workloads()).diagnostics());
    findings.addAll(
        DestinationRuleMerge.merge(
                config.settings(), config.all(DestinationRule.class), snapshot.destinationRules())
            .diagnostics());
    clusters(snapshot, findings);
    networks(config, snapshot, findings);
    registries(snapshot, findings);
    rules(snapshot, findings);
    EntryFindings.add(config, snapshot, findings);
    SidecarFindings.add(snapshot, findings);
    TelemetryFindings.add(snapshot, findings);
    EnvoyFilterFindings.add(snapshot, findings);
    AliasFindings.add(snapshot, findings);
    RouteFindings.add(snapshot, findings);
    MatchFindings.add(snapshot, findings);
    DelegateFindings.add(snapshot, findings);
    GatewayFindings.add(config, snapshot, findings);
    CredentialFindings.add(snapshot, findings);
    PolicyFindings.add(config, snapshot, findings);
    ProviderFindings.add(config, snapshot, findings);
    PodFindings.add(config, snapshot, findings);
    AnnotationFindings.add(config, findings);
    SelectorFindings.add(config, snapshot, findings);
    MtlsFindings.add(config, snapshot, findings);
    PortFindings.add(config, findings);
    Suppressions suppressed = Suppressions.of(config);
    return findings.stream().filter(suppressed::admits).distinct().sorted().toList();
  }

  private static void services(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
    ServiceMerge merge = new ServiceMerge(config);
    snapshot.services().keySet().forEach(id -> findings.addAll(merge.conflicts(id)));
    ServiceVips.objection(config)
        .ifPresent(
            message ->
                findings.add(
                    Diagnostic.error(
                        "bad-vip-range",
                        "ConfigMap " + config.settings().rootNamespace() + "/istio",
                        "mesh",
                        "services of other clusters get no address: " + message)));
  }

  private static void clusters(MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (MemberCluster member : snapshot.clusters().values()) {
      String object = "MemberCluster " + member.id();
      switch (member.state()) {
        case LOST ->
            findings.add(
                Diagnostic.warning(
                    "cluster-lost",
                    object,
                    "",
                    member.message() + "; its last known state stays in force"));
        case LAST_KNOWN ->
            findings.add(Diagnostic.warning("cluster-last-known", object, "", member.message()));
        case REJECTED ->
            findings.add(Diagnostic.warning("cluster-rejected", object, "", member.message()));
        case SYNCING -> {}
        case SYNCED -> {
          if (!member.message().isEmpty()) {
            findings.add(Diagnostic.warning("cluster-read-in-part", object, "", member.message()));
          }
        }
      }
    }
  }

  private static void networks(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
    // Gateways call others; nobody calls them from inside of the mesh.
    Set<ClusterId> ofGateways =
        config.all(MemberClusterSpec.class).stream()
            .filter(MemberClusterSpec::serverlessGateways)
            .map(MemberClusterSpec::cluster)
            .collect(Collectors.toSet());
    Map<NetworkId, Set<String>> clusters = new TreeMap<>();
    for (MemberCluster member : snapshot.clusters().values()) {
      if (member.network().isNamed() && !ofGateways.contains(member.id())) {
        clusters.computeIfAbsent(member.network(), n -> new TreeSet<>()).add(member.id().value());
      }
    }
    if (clusters.size() < 2) {
      return;
    }
    Set<NetworkId> reachable =
        snapshot.networkGateways().all().stream()
            .map(NetworkGateway::network)
            .collect(Collectors.toSet());
    clusters.forEach(
        (network, members) -> {
          if (!reachable.contains(network)) {
            findings.add(
                Diagnostic.note(
                    "network-without-gateway",
                    "Network " + network,
                    "",
                    "endpoints in "
                        + String.join(", ", members)
                        + " are not advertised to other networks, because no gateway leads there;"
                        + " enable the cross-cluster proxy of one of these clusters"));
          }
        });
  }

  private static void registries(MeshSnapshot snapshot, List<Diagnostic> findings) {
    snapshot
        .settings()
        .networks()
        .forEach(
            (network, known) ->
                known.fromRegistry().stream()
                    .filter(cluster -> !snapshot.clusters().containsKey(cluster))
                    .forEach(
                        cluster ->
                            findings.add(
                                Diagnostic.error(
                                    FindingCode.UNKNOWN_REGISTRY,
                                    "Network " + network,
                                    "meshNetworks." + network + ".endpoints",
                                    "fromRegistry names "
                                        + cluster
                                        + ", which is no member cluster; known are "
                                        + snapshot.clusters().keySet()))));
  }

  private static void rules(MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (MergedDestinationRule rule : snapshot.destinationRules().all()) {
      if (rule.host().startsWith("*")) {
        continue;
      }
      MeshService service = snapshot.serviceByHostname(rule.host()).orElse(null);
      if (service == null) {
        if (rule.host().endsWith(".svc." + snapshot.settings().domainSuffix())) {
          findings.add(
              Diagnostic.warning(
                  FindingCode.UNKNOWN_RULE_HOST,
                  rule.sources().getFirst().toString(),
                  "spec.host",
                  "no cluster has a Service " + rule.host()));
        }
        continue;
      }
      if (!AliasTarget.isAlias(snapshot, service)) {
        findings.addAll(EmptySubsets.of(rule, service));
      }
    }
  }
}
