package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.snapshot.EndpointDecision.Direct;
import dev.weft.snapshot.EndpointDecision.Dropped;
import dev.weft.snapshot.EndpointDecision.ViaGateway;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How one client reaches a service that gives it the addresses of pods. Pods that it can dial are
 * dialled. Where there are none, the service has its address of the mesh, and the client's proxy
 * chooses among the pods behind gateways; a pod with a name of its own has an address of the mesh
 * for that name. Names, listeners, routes and clusters follow this, and so does {@code weft
 * explain}.
 *
 * @param pods those that the client dials, ready or not, in the order of the service's endpoints
 * @param dialled whether the name of the service stands for pods; else for its mesh address
 * @param behind pods behind a gateway that the client can name, by their host names
 */
public record HeadlessView(
    List<ServiceEndpoint> pods, boolean dialled, Map<String, ServiceEndpoint> behind) {
  public HeadlessView {
    pods = List.copyOf(pods);
    behind = Copies.map(behind);
  }

  /** What the client is given. */
  public static HeadlessView of(MeshSnapshot snapshot, MeshService service, EndpointClient client) {
    Set<ServiceEndpoint> pods = new LinkedHashSet<>();
    Set<ServiceEndpoint> named = new LinkedHashSet<>();
    boolean direct = false;
    boolean gateway = false;
    for (ServicePort port : service.ports()) {
      EndpointView.dialled(snapshot, service, port, "", client)
          .forEach(d -> pods.add(d.endpoint()));
      for (EndpointDecision decision : EndpointView.of(snapshot, service, port, "", client)) {
        switch (decision) {
          case Direct d -> direct = true;
          case ViaGateway v -> {
            gateway = true;
            if (!v.label().isEmpty()) {
              named.addAll(v.behind());
            }
          }
          case Dropped d -> {}
        }
      }
    }
    return new HeadlessView(List.copyOf(pods), direct || !gateway, behind(service, pods, named));
  }

  /** The addresses that the name of the service stands for; of pods, whether ready or not. */
  public List<String> addresses(MeshService service) {
    if (dialled) {
      return pods.stream().map(ServiceEndpoint::address).distinct().toList();
    }
    return service.meshVip().isEmpty() ? List.of() : List.of(service.meshVip());
  }

  /** A name that a pod within reach has is that pod's; of several others, the first one's. */
  private static Map<String, ServiceEndpoint> behind(
      MeshService service, Set<ServiceEndpoint> pods, Set<ServiceEndpoint> named) {
    Set<String> near = pods.stream().map(ServiceEndpoint::hostname).collect(Collectors.toSet());
    Map<String, ServiceEndpoint> behind = new TreeMap<>();
    for (ServiceEndpoint endpoint : service.endpoints()) {
      String name = endpoint.hostname();
      if (named.contains(endpoint) && !near.contains(name) && service.podVips().containsKey(name)) {
        behind.putIfAbsent(name, endpoint);
      }
    }
    return behind;
  }
}
