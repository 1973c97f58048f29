package dev.weft.translate;

import dev.weft.config.Copies;
import dev.weft.config.TrafficPolicy;
import dev.weft.snapshot.EndpointClient;
import dev.weft.snapshot.MergedDestinationRule;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.types.AppProtocol;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mesh as one proxy sees it: what it is, where it is, and which services it may see. What it
 * said of itself counts until its pod is known, then the pod counts.
 *
 * @param network where it is; unnamed reaches everything that is not behind a gateway
 * @param networkView networks whose endpoints it is told of; empty for all
 * @param workload its pod; null until the pod is known
 * @param services that its namespace may see, in the order of their names
 */
public record ProxyView(
    MeshSnapshot snapshot,
    ProxyNode node,
    NetworkId network,
    List<NetworkId> networkView,
    Map<String, String> labels,
    Locality locality,
    @Nullable Workload workload,
    List<Visible> services) {

  public ProxyView {
    networkView = List.copyOf(networkView);
    labels = Copies.map(labels);
    services = List.copyOf(services);
  }

  /**
   * A service with the policies that this client has for it.
   *
   * @param rule null where nobody wrote one
   */
  public record Visible(MeshService service, @Nullable MergedDestinationRule rule) {
    /** The policy of a port; an empty subset is the service itself. */
    TrafficPolicy policy(String subset, int port) {
      return rule == null ? TrafficPolicy.NONE : rule.policy(subset, port);
    }

    /** The names of the subsets, the empty one for the service itself first. */
    List<String> subsets() {
      return rule == null
          ? List.of("")
          : java.util.stream.Stream.concat(
                  java.util.stream.Stream.of(""), rule.subsets().stream().map(s -> s.name()))
              .toList();
    }

    /** Ports that are proxied. */
    List<ServicePort> ports() {
      return service.ports().stream().filter(p -> p.protocol() != AppProtocol.UDP).toList();
    }
  }

  /** What the proxy sees of the snapshot. */
  public static ProxyView of(MeshSnapshot snapshot, ProxyNode node) {
    Optional<Workload> pod = snapshot.workload(node.cluster(), node.namespace(), node.pod());
    NetworkId network =
        node.network().isNamed()
            ? node.network()
            : pod.map(Workload::network).orElseGet(() -> snapshot.networkOf(node.cluster()));
    Map<String, String> labels = pod.map(Workload::labels).orElse(node.labels());
    List<Visible> services =
        snapshot.services().values().stream()
            .filter(s -> s.externalName().isEmpty() && s.visibleTo(node.namespace()))
            // Another cluster's own service is nothing that this one could reach.
            .filter(s -> !s.clusterLocal() || s.clusters().contains(node.cluster()))
            .map(
                s ->
                    new Visible(
                        s,
                        snapshot
                            .destinationRules()
                            .find(node.namespace(), labels, s.id(), s.hostname())
                            .orElse(null)))
            .toList();
    return new ProxyView(
        snapshot,
        node,
        network,
        node.networkView(),
        labels,
        pod.map(Workload::locality).filter(l -> !l.region().isEmpty()).orElse(node.locality()),
        pod.orElse(null),
        services);
  }

  ClusterId cluster() {
    return node.cluster();
  }

  String namespace() {
    return node.namespace();
  }

  Dialect dialect() {
    return node.dialect();
  }

  /** Who asks for endpoints of its own calls. */
  EndpointClient client() {
    return new EndpointClient(
        cluster(), network, networkView, namespace(), labels, nodeName(), false, node.byEndpoint());
  }

  /**
   * Who asks for endpoints of what passes through: those of its own network alone, so that nothing
   * goes from gateway to gateway, and those alone that end the TLS that it does not.
   */
  EndpointClient passthroughClient() {
    List<NetworkId> own =
        networkView.isEmpty() && network.isNamed() ? List.of(network) : networkView;
    return new EndpointClient(
        cluster(), network, own, namespace(), labels, nodeName(), true, false);
  }

  private String nodeName() {
    return workload == null ? node.nodeName() : workload.node();
  }
}
