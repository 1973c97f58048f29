package dev.weft.translate;

import dev.weft.config.Copies;
import dev.weft.config.EnvoyFilter;
import dev.weft.config.ObjectRef;
import dev.weft.config.SidecarSpec;
import dev.weft.config.Telemetry;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From where a proxy sees the mesh: everything about it that decides what it is told of services.
 * Two proxies with equal viewpoints are served the same, but for what comes in at their own pods.
 * What a proxy said of itself counts until its pod is known, then the pod counts.
 *
 * @param network where it is; unnamed reaches everything that is not behind a gateway
 * @param networkView networks whose endpoints it is told of; empty for all
 * @param labels of a sidecar, those that some policy of the mesh reads; of a gateway, all
 * @param node the Kubernetes node, where some service is only for clients of its own node; else
 *     empty
 * @param dnsCapture whether it answers its pod's DNS queries from a name table
 * @param onDemand whether it asks for what its pod calls, instead of being told everything
 * @param byEndpoint whether it can name one endpoint to a gateway
 * @param sidecar the Sidecar object that holds there; null where there is none, and for gateways
 * @param telemetry the Telemetry objects that hold there, the widest scope first
 * @param envoyFilters the EnvoyFilter objects that change something of its calls, in order
 * @param version that the proxy announces, where one of them reads it; else empty
 * @param names what spans call its workload; null where none are made in the mesh
 * @param pod of a gateway, whose own Service says what it listens to; null for sidecars, and until
 *     the pod is known
 */
public record Viewpoint(
    ProxyRole role,
    ClusterId cluster,
    String namespace,
    NetworkId network,
    List<NetworkId> networkView,
    Map<String, String> labels,
    Locality locality,
    String node,
    boolean dnsCapture,
    boolean onDemand,
    boolean byEndpoint,
    Dialect dialect,
    @Nullable ObjectRef sidecar,
    List<ObjectRef> telemetry,
    List<ObjectRef> envoyFilters,
    String version,
    @Nullable TraceNames names,
    @Nullable WorkloadKey pod) {

  public Viewpoint {
    networkView = List.copyOf(networkView);
    labels = Copies.map(labels);
    telemetry = List.copyOf(telemetry);
    envoyFilters = List.copyOf(envoyFilters);
  }

  /**
   * That of a proxy.
   *
   * @param read what the policies of the snapshot read
   */
  public static Viewpoint of(MeshSnapshot snapshot, ProxyNode node, PolicyReads read) {
    Optional<Workload> pod = snapshot.workload(node.cluster(), node.namespace(), node.pod());
    Map<String, String> labels = pod.map(Workload::labels).orElse(node.labels());
    boolean sidecar = node.role() == ProxyRole.SIDECAR;
    List<EnvoyFilter> filters =
        snapshot.envoyFilters().of(node.namespace(), labels).stream()
            .filter(f -> f.concerns(node.role().calls(), node.version()))
            .toList();
    return new Viewpoint(
        node.role(),
        node.cluster(),
        node.namespace(),
        node.network().isNamed()
            ? node.network()
            : pod.map(Workload::network).orElseGet(() -> snapshot.networkOf(node.cluster())),
        node.networkView(),
        sidecar ? read.of(labels) : labels,
        pod.map(Workload::locality).filter(l -> !l.region().isEmpty()).orElse(node.locality()),
        read.nodes() ? pod.map(Workload::node).orElse(node.nodeName()) : "",
        node.dnsCapture(),
        node.onDemand(),
        node.byEndpoint(),
        node.dialect(),
        sidecar
            ? snapshot.sidecars().of(node.namespace(), labels).map(SidecarSpec::ref).orElse(null)
            : null,
        snapshot.telemetries().of(node.namespace(), labels).stream().map(Telemetry::ref).toList(),
        filters.stream().map(EnvoyFilter::ref).toList(),
        filters.stream().anyMatch(EnvoyFilter::readsVersion) ? node.version() : "",
        read.traces() ? TraceNames.of(pod, node.namespace(), labels) : null,
        sidecar ? null : pod.map(Workload::key).orElse(null));
  }

  /** Without its namespace, the objects that hold there and the name of the workload. */
  Viewpoint anywhere() {
    return new Viewpoint(
        role,
        cluster,
        "",
        network,
        networkView,
        labels,
        locality,
        node,
        dnsCapture,
        onDemand,
        byEndpoint,
        dialect,
        null,
        List.of(),
        List.of(),
        "",
        null,
        null);
  }
}
