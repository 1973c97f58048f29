package dev.weft.translate;

import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.HeadlessView;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.xds.ClusterName;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod of a headless service that a sidecar reaches through a gateway, by its own name.
 *
 * @param name its host name below that of the service
 * @param address the mesh's own, for this name
 */
record CalledPod(MeshService service, String name, String address, ServiceEndpoint endpoint) {

  /** Those of a service, in the order of their names. */
  static List<CalledPod> of(MeshService service, HeadlessView reach) {
    List<CalledPod> pods = new ArrayList<>();
    reach
        .behind()
        .forEach(
            (name, endpoint) -> {
              String address = service.podVips().get(name);
              if (address != null) {
                pods.add(new CalledPod(service, name, address, endpoint));
              }
            });
    return pods;
  }

  /** Its full host name. */
  String host() {
    return service.podHost(name);
  }

  /** Its cluster of a port. */
  ClusterName.Outbound cluster(int port) {
    return new ClusterName.Outbound(port, "", host());
  }

  /** The cluster in the place of another one: the pod's own where that is one of its service. */
  String instead(String cluster) {
    return ClusterName.parse(cluster).orElse(null) instanceof ClusterName.Outbound outbound
            && outbound.host().equals(service.hostname())
        ? cluster(outbound.port()).format()
        : cluster;
  }

  /** Whether a way leads to this pod and no other. */
  boolean isMeant(EndpointDecision decision) {
    return decision instanceof EndpointDecision.ViaGateway way
        && !way.label().isEmpty()
        && way.behind().contains(endpoint);
  }
}
