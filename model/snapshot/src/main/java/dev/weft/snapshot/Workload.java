package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.KubePod;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import dev.weft.types.SpiffeId;
import java.util.List;
import java.util.Map;

/**
 * A pod as the mesh sees it.
 *
 * @param labels of the pod, with the topology labels of its node, cluster and network added
 * @param network from the pod's label, else its cluster's
 * @param workloadName of the Deployment, StatefulSet … or the pod's own
 * @param canonicalService for telemetry
 * @param canonicalRevision for telemetry, {@code latest} where nothing says otherwise
 * @param mtls whether its proxy speaks mutual TLS (label {@code security.istio.io/tlsMode: istio})
 * @param injected whether it has a sidecar
 * @param terminating whether its deletion has begun
 */
public record Workload(
    WorkloadKey key,
    Map<String, String> labels,
    List<String> ips,
    SpiffeId identity,
    String node,
    Locality locality,
    NetworkId network,
    String workloadName,
    String workloadKind,
    String canonicalService,
    String canonicalRevision,
    List<KubePod.ContainerPort> ports,
    boolean mtls,
    boolean injected,
    boolean hostNetwork,
    boolean ready,
    boolean terminating,
    String hostname,
    String subdomain) {
  public Workload {
    labels = Copies.map(labels);
    ips = List.copyOf(ips);
    ports = List.copyOf(ports);
  }
}
