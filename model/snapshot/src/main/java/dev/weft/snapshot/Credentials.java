package dev.weft.snapshot;

import dev.weft.config.CredentialKey;
import dev.weft.config.DestinationRule.Subset;
import dev.weft.config.GatewayConfig;
import dev.weft.config.GatewayConfig.Server;
import dev.weft.config.GatewayConfig.ServerTls;
import dev.weft.config.TrafficPolicy.ClientTls;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which Secrets gateways need for TLS, and who else has to show a certificate of its user's. */
public final class Credentials {
  private Credentials() {}

  /** Those of all gateways that there are, each in the cluster and namespace of its pods. */
  public static SortedSet<CredentialKey> wanted(MeshSnapshot snapshot) {
    SortedSet<CredentialKey> wanted = new TreeSet<>();
    for (GatewayConfig gateway : snapshot.gateways()) {
      List<String> names =
          gateway.servers().stream().flatMap(s -> names(s).stream()).distinct().toList();
      if (names.isEmpty()) {
        continue;
      }
      for (Workload pod : snapshot.workloads().values()) {
        if (selects(gateway, pod)) {
          names.forEach(name -> wanted.add(key(pod, name)));
        }
      }
    }
    ofClients(snapshot, wanted);
    return wanted;
  }

  /** Whether {@link #wanted} may differ between two snapshots; cheap where other pods changed. */
  public static boolean mayDiffer(MeshSnapshot before, MeshSnapshot now, SnapshotDelta delta) {
    return !delta.gateways().isEmpty()
        || !delta.destinationRules().isEmpty()
        || delta.workloads().stream()
            .anyMatch(pod -> mayDependOn(pod, before) || mayDependOn(pod, now));
  }

  private static boolean mayDependOn(WorkloadKey key, MeshSnapshot snapshot) {
    Workload pod = snapshot.workloads().get(key);
    return pod != null
        && (snapshot.gateways().stream().anyMatch(gateway -> selects(gateway, pod))
            || snapshot.destinationRules().all().stream()
                .anyMatch(rule -> !rule.workloadSelector().isEmpty() && uses(rule, pod, snapshot)));
  }

  private static boolean selects(GatewayConfig gateway, Workload pod) {
    return !gateway.selector().isEmpty()
        && pod.labels().entrySet().containsAll(gateway.selector().entrySet());
  }

  private static void ofClients(MeshSnapshot snapshot, SortedSet<CredentialKey> wanted) {
    for (MergedDestinationRule rule : snapshot.destinationRules().all()) {
      List<String> names = names(rule);
      if (!names.isEmpty()) {
        snapshot.workloads().values().stream()
            .filter(pod -> uses(rule, pod, snapshot))
            .forEach(pod -> names.forEach(name -> wanted.add(key(pod, name))));
      }
    }
  }

  /**
   * Whether a client gets the Secrets of a rule: those that the rule selects, else gateways. Istio:
   * pilot/pkg/networking/core/cluster_tls.go.
   */
  static boolean uses(MergedDestinationRule rule, Workload client, MeshSnapshot snapshot) {
    if (!rule.workloadSelector().isEmpty()) {
      return client.labels().entrySet().containsAll(rule.workloadSelector().entrySet());
    }
    return snapshot.gateways().stream().anyMatch(gateway -> selects(gateway, client));
  }

  private static CredentialKey key(Workload pod, String name) {
    return new CredentialKey(pod.key().cluster(), pod.key().namespace(), name);
  }

  /** The names of the Secrets of all policies of a rule. */
  public static List<String> names(MergedDestinationRule rule) {
    return Stream.concat(
            Stream.of(rule.trafficPolicy()), rule.subsets().stream().map(Subset::trafficPolicy))
        .flatMap(policy -> Stream.concat(Stream.of(policy), policy.ports().values().stream()))
        .flatMap(policy -> Stream.ofNullable(policy.tls()))
        .flatMap(tls -> names(tls).stream())
        .distinct()
        .toList();
  }

  /** The names of the Secrets of a client: its own, where it shows one, and the roots. */
  public static List<String> names(ClientTls tls) {
    if (tls.credentialName().isEmpty()) {
      return List.of();
    }
    String roots = CredentialKey.roots(tls.credentialName());
    return switch (tls.mode()) {
      case SIMPLE -> List.of(roots);
      case MUTUAL -> List.of(tls.credentialName(), roots);
      case DISABLE, ISTIO_MUTUAL -> List.of();
    };
  }

  /** The names of the Secrets of a server. */
  public static List<String> names(Server server) {
    @Nullable ServerTls tls = server.tls();
    if (tls == null) {
      return List.of();
    }
    return switch (tls.mode()) {
      case SIMPLE -> Stream.of(tls.credentialName()).filter(n -> !n.isEmpty()).toList();
      case MUTUAL, OPTIONAL_MUTUAL ->
          Stream.of(tls.credentialName(), roots(tls)).filter(n -> !n.isEmpty()).toList();
      case ISTIO_MUTUAL, PASSTHROUGH, AUTO_PASSTHROUGH -> List.of();
    };
  }

  /** The name under which the roots of a server's clients go; empty where they are in a file. */
  public static String roots(ServerTls tls) {
    String named = tls.clients().rootsCredential();
    if (!named.isEmpty()) {
      return CredentialKey.roots(named);
    }
    return tls.credentialName().isEmpty() ? "" : CredentialKey.roots(tls.credentialName());
  }
}
