package dev.weft.translate;

import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.EndpointView;
import dev.weft.snapshot.HeadlessView;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.ServicePort;
import dev.weft.types.HostPort;
import java.util.List;

/** The addresses at which a sidecar's pod calls a service. */
final class Called {
  private Called() {}

  /** The service's own; of a headless one, those of the pods that clients dial. */
  static List<String> addresses(ProxyView view, MeshService service) {
    if (service.entry().isPresent()
        && service.ownAddresses().isEmpty()
        && !view.at().dnsCapture()) {
      // Without the mesh's DNS nobody learns the address that the mesh gave.
      return List.of();
    }
    return service.headlessFor(view.cluster())
        ? reach(view, service).addresses(service)
        : service.addressesFor(view.cluster());
  }

  /** The pods of a headless service that have an address of the mesh for this client. */
  static List<CalledPod> pods(ProxyView view, MeshService service) {
    return view.sidecar() && service.headlessFor(view.cluster())
        ? CalledPod.of(service, reach(view, service))
        : List.of();
  }

  /** The host names of those pods that clients dial. */
  static List<String> podsWithinReach(ProxyView view, MeshService service) {
    return service.headlessFor(view.cluster())
        ? reach(view, service).pods().stream()
            .map(ServiceEndpoint::hostname)
            .filter(name -> !name.isEmpty())
            .distinct()
            .toList()
        : List.of();
  }

  /** Whether clients dial pods, so that nothing is left to choose. */
  static boolean dialled(ProxyView view, MeshService service) {
    return view.sidecar() && service.headlessFor(view.cluster()) && reach(view, service).dialled();
  }

  /**
   * Where clients dial pods, by their target ports as far as these are not the service's: DNS gives
   * no port, so that both are in use.
   */
  static List<HostPort> atTargetPorts(ProxyView view, MeshService service, ServicePort port) {
    return dialled(view, service)
        ? EndpointView.dialled(view.snapshot(), service, port, "", view.client()).stream()
            .map(EndpointDecision.Direct::address)
            .filter(address -> address.port() != port.number())
            .distinct()
            .toList()
        : List.of();
  }

  private static HeadlessView reach(ProxyView view, MeshService service) {
    return HeadlessView.of(view.snapshot(), service, view.client());
  }
}
