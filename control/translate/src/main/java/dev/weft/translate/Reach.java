package dev.weft.translate;

import dev.weft.config.ServiceEntry.Resolution;
import dev.weft.config.TrafficPolicy;
import dev.weft.snapshot.EndpointDecision.Direct;
import dev.weft.snapshot.EndpointView;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceOrigin.Entry;
import dev.weft.snapshot.ServicePort;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.types.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a proxy comes to the endpoints of a service port, and which of them it speaks mutual TLS to
 * where no DestinationRule decides. Endpoints that the control plane tells say so themselves; for
 * those that clients dial it is decided here, address by address, by what {@code weft explain}
 * runs: {@link EndpointView#dialled}. Istio decides once for all of them, by their labels:
 * pilot/pkg/model/push_context.go BestEffortInferServiceMTLSMode.
 */
record Reach(EndpointSource endpoints, Mutual mutual) {
  static final Reach TOLD = new Reach(new EndpointSource.Told(), Mutual.SOME);

  /** Who speaks mutual TLS. */
  enum Mutual {
    ALL,
    SOME,
    NONE
  }

  /**
   * How it comes there.
   *
   * @param named endpoints whose names are resolved, where there are such
   */
  static Reach of(
      ProxyView view,
      Visible visible,
      ServicePort port,
      String subset,
      Supplier<LoadAssignmentInputs> named) {
    MeshService service = visible.service();
    if (!service.externalName().isEmpty()) {
      return new Reach(new EndpointSource.Resolved(named.get(), false), Mutual.NONE);
    }
    Resolution resolution = service.entry().map(Entry::resolution).orElse(Resolution.STATIC);
    if (service.resolvesNames()) {
      return new Reach(
          new EndpointSource.Resolved(named.get(), resolution == Resolution.DNS_ROUND_ROBIN),
          service.outside() ? Mutual.NONE : Mutual.SOME);
    }
    boolean pods =
        Called.dialled(view, service) || (view.sidecar() && resolution == Resolution.NONE);
    boolean own = view.sidecar() && service.vips().containsKey(view.cluster());
    if (!pods && !(own && passesThrough(visible, port, subset))) {
      return TOLD;
    }
    List<String> mutual = new ArrayList<>();
    boolean plain = false;
    for (Direct way : EndpointView.dialled(view.snapshot(), service, port, subset, view.client())) {
      // Behind the service's own address the cluster's nodes choose, among pods of the cluster.
      if (!pods && !way.endpoint().cluster().equals(view.cluster())) {
        continue;
      }
      if (way.mtls()) {
        mutual.add(new HostPort(way.endpoint().address(), port.number()).toString());
        if (way.address().port() != port.number()) {
          mutual.add(way.address().toString());
        }
      } else {
        plain = true;
      }
    }
    if (plain && pods && !mutual.isEmpty()) {
      return new Reach(new EndpointSource.Dialled(mutual), Mutual.SOME);
    }
    return new Reach(
        new EndpointSource.Dialled(List.of()),
        plain || mutual.isEmpty() ? Mutual.NONE : Mutual.ALL);
  }

  /** A rule may say that clients choose by the address that they dial. */
  private static boolean passesThrough(Visible visible, ServicePort port, String subset) {
    TrafficPolicy.@Nullable LoadBalancer balancer =
        visible.policy(subset, port.number()).loadBalancer();
    return balancer != null && balancer.policy() instanceof TrafficPolicy.Policy.Passthrough;
  }

  /** Whether the control plane tells the endpoints. */
  boolean told() {
    return endpoints instanceof EndpointSource.Told;
  }

  UpstreamSecurity security(String sni, List<String> identities) {
    return switch (mutual) {
      case ALL -> new UpstreamSecurity.Mesh(sni, identities);
      case SOME -> new UpstreamSecurity.ByEndpoint(sni, identities);
      case NONE -> new UpstreamSecurity.None();
    };
  }
}
