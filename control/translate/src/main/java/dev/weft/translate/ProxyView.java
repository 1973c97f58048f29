package dev.weft.translate;

import dev.weft.config.TrafficPolicy;
import dev.weft.snapshot.EndpointClient;
import dev.weft.snapshot.MergedDestinationRule;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServicePort;
import dev.weft.types.AppProtocol;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The mesh as it is seen from a viewpoint.
 *
 * @param services that the scope shows, in the order of their names; not copied
 */
record ProxyView(Scope scope, Collection<Visible> services) {

  /**
   * A service with the policies that this client has for it.
   *
   * @param rule null where nobody wrote one
   */
  record Visible(MeshService service, @Nullable MergedDestinationRule rule) {
    /** The policy of a port; an empty subset is the service itself. */
    TrafficPolicy policy(String subset, int port) {
      return rule == null ? TrafficPolicy.NONE : rule.policy(subset, port);
    }

    /** The names of the subsets, the empty one for the service itself first. */
    List<String> subsets() {
      return rule == null
          ? List.of("")
          : Stream.concat(Stream.of(""), rule.subsets().stream().map(s -> s.name())).toList();
    }

    /** Ports that are proxied. */
    List<ServicePort> ports() {
      for (ServicePort port : service.ports()) {
        if (port.protocol() == AppProtocol.UDP) {
          return service.ports().stream().filter(p -> p.protocol() != AppProtocol.UDP).toList();
        }
      }
      return service.ports();
    }
  }

  /** With every service that is seen. */
  static ProxyView of(MeshSnapshot snapshot, Viewpoint at) {
    Scope scope = Scope.of(snapshot, at);
    return new ProxyView(
        scope,
        snapshot.services().values().stream()
            .flatMap(service -> scope.visible(service).stream())
            .toList());
  }

  /** As the proxy would be served. */
  static ProxyView of(MeshSnapshot snapshot, ProxyNode node) {
    return of(snapshot, Viewpoint.of(snapshot, node, PolicyReads.of(snapshot)));
  }

  MeshSnapshot snapshot() {
    return scope.snapshot();
  }

  Viewpoint at() {
    return scope.at();
  }

  /** What is told of its calls; those of gateways are theirs, whoever called them. */
  TelemetryInputs telemetry() {
    TraceNames names = at().names();
    return TelemetryInputs.client(
        snapshot(),
        at().telemetry(),
        names == null ? null : new TraceInputs.By(cluster(), namespace(), names));
  }

  ClusterId cluster() {
    return at().cluster();
  }

  String namespace() {
    return at().namespace();
  }

  NetworkId network() {
    return at().network();
  }

  Map<String, String> labels() {
    return at().labels();
  }

  /** Whether the proxy has the labels, and is in the namespace; an empty one stands for any. */
  boolean hasLabels(Map<String, String> wanted, String inNamespace) {
    return labels().entrySet().containsAll(wanted.entrySet())
        && (inNamespace.isEmpty() || inNamespace.equals(namespace()));
  }

  Locality locality() {
    return at().locality();
  }

  Dialect dialect() {
    return at().dialect();
  }

  boolean sidecar() {
    return at().role() == ProxyRole.SIDECAR;
  }

  /** The client of the proxy's own calls. */
  EndpointClient client() {
    return client(at().networkView(), false, at().byEndpoint());
  }

  /**
   * The client of what passes through: it is given endpoints of its own network alone, so that
   * nothing goes from gateway to gateway, and of those only the ones that terminate mutual TLS.
   */
  EndpointClient passthroughClient() {
    boolean own = at().networkView().isEmpty() && at().network().isNamed();
    return client(own ? List.of(at().network()) : at().networkView(), true, false);
  }

  private EndpointClient client(List<NetworkId> networks, boolean onlyMtls, boolean byEndpoint) {
    return new EndpointClient(
        cluster(), network(), networks, namespace(), labels(), at().node(), onlyMtls, byEndpoint);
  }
}
