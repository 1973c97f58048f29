package dev.weft.explain;

import dev.weft.config.GatewayConfig;
import dev.weft.config.MemberClusterSpec;
import dev.weft.snapshot.EndpointClient;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.ProxyRole;
import dev.weft.types.ClusterId;
import dev.weft.types.HopLabel;
import java.util.List;

/**
 * A pod that makes requests.
 *
 * @param passing whether it is the cross-cluster proxy of its cluster
 */
record Client(Workload pod, ProxyRole role, boolean passing) {

  static Client of(MeshSnapshot snapshot, Workload pod) {
    boolean passing =
        pod.workloadName().equals("istio-" + MemberClusterSpec.gatewayName(pod.key().cluster()));
    boolean router =
        passing
            || pod.labels().containsKey(HopLabel.POD_LABEL)
            || !pod.injected() && snapshot.gateways().stream().anyMatch(g -> selects(g, pod));
    return new Client(pod, router ? ProxyRole.ROUTER : ProxyRole.SIDECAR, passing);
  }

  private static boolean selects(GatewayConfig gateway, Workload pod) {
    return !gateway.selector().isEmpty()
        && pod.labels().entrySet().containsAll(gateway.selector().entrySet());
  }

  /**
   * Finds a pod.
   *
   * @param from {@code POD[.NAMESPACE]}, or the name of its workload; namespace {@code default}
   *     where not given; or {@code CLUSTER/NAMESPACE/WORKLOAD}
   * @param cluster of the pod; empty where its name says enough
   */
  static Client named(MeshSnapshot snapshot, String from, String cluster) throws UnclearException {
    String[] parts = from.split("/", -1);
    if (parts.length == 3) {
      return named(snapshot, parts[2], parts[1], parts[0]);
    }
    // kubectl's names begin with a kind: pod/sleep-1.
    String name = from.substring(from.indexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return named(
        snapshot,
        dot < 0 ? name : name.substring(0, dot),
        dot < 0 ? "default" : name.substring(dot + 1),
        cluster);
  }

  private static Client named(MeshSnapshot snapshot, String pod, String namespace, String cluster)
      throws UnclearException {
    List<Workload> named =
        snapshot.workloads().values().stream()
            .filter(w -> cluster.isEmpty() || w.key().cluster().value().equals(cluster))
            .filter(w -> w.key().namespace().equals(namespace))
            .filter(w -> w.key().pod().equals(pod) || w.workloadName().equals(pod))
            .filter(w -> !w.terminating())
            .toList();
    if (named.isEmpty()) {
      throw new UnclearException(
          "no pod or workload "
              + pod
              + " in namespace "
              + namespace
              + (cluster.isEmpty() ? " of any cluster" : " of cluster " + cluster));
    }
    List<ClusterId> clusters = named.stream().map(w -> w.key().cluster()).distinct().toList();
    if (clusters.size() > 1) {
      throw new UnclearException(
          pod + " is in the clusters " + clusters + "; say which one by --context");
    }
    return of(snapshot, named.getFirst());
  }

  /** Whether a proxy decides where its requests go. */
  boolean hasProxy() {
    return pod.mtls() || pod.injected() || role == ProxyRole.ROUTER;
  }

  ProxyNode node() {
    return ProxyNode.of(pod, role);
  }

  /** As what it asks for endpoints. */
  EndpointClient asking() {
    EndpointClient plain = EndpointClient.of(pod);
    return passing
        ? new EndpointClient(
            plain.cluster(),
            plain.network(),
            List.of(plain.network()),
            plain.namespace(),
            plain.labels(),
            plain.node(),
            true,
            false)
        : plain;
  }
}
