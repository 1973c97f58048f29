package dev.weft.explain;

import dev.weft.snapshot.AliasTarget;
import dev.weft.snapshot.HeadlessView;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.MeshSnapshot.NamedPod;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.types.ClusterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a host name or an address of the mesh means.
 *
 * @param pod the name of one pod of the service; empty where the service is meant
 */
record Called(MeshService service, String pod) {
  private static final String SVC = ".svc";

  /** What a host name means in a namespace; an alias is what it stands for. */
  static Optional<Called> named(MeshSnapshot snapshot, String host, String namespace) {
    for (String full : spelledOut(snapshot, host, namespace)) {
      Optional<Called> found =
          AliasTarget.of(snapshot, full)
              .map(service -> new Called(service, ""))
              .or(() -> snapshot.podByHostname(full).map(Called::of));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Called of(NamedPod pod) {
    return new Called(pod.service(), pod.name());
  }

  /** The full names that resolvers come to, in their order. */
  private static List<String> spelledOut(MeshSnapshot snapshot, String host, String namespace) {
    String name = host.toLowerCase(Locale.ROOT);
    name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    String suffix = SVC + "." + snapshot.settings().domainSuffix();
    if (name.endsWith(suffix)) {
      return List.of(name);
    }
    String stem = name.endsWith(SVC) ? name.substring(0, name.length() - SVC.length()) : name;
    List<String> names = new ArrayList<>(List.of(stem + suffix));
    names.add(stem + "." + namespace + suffix);
    // Hosts of ServiceEntries end as they like.
    names.add(name);
    return names;
  }

  /** What an address means to a client. */
  static Optional<Called> addressed(MeshSnapshot snapshot, Client client, String address) {
    for (MeshService service : snapshot.services().values()) {
      if (addresses(snapshot, client, service).contains(address)) {
        return Optional.of(new Called(service, ""));
      }
      for (var pod : service.podVips().entrySet()) {
        if (pod.getValue().equals(address)) {
          return Optional.of(new Called(service, pod.getKey()));
        }
      }
    }
    return Optional.empty();
  }

  /** The addresses that the name of a service stands for. */
  static List<String> addresses(MeshSnapshot snapshot, Client client, MeshService service) {
    ClusterId here = client.pod().key().cluster();
    return service.headlessFor(here)
        ? HeadlessView.of(snapshot, service, client.asking()).addresses(service)
        : service.addressesFor(here);
  }

  /** What the name resolves to for a client; empty where it does not resolve. */
  Optional<String> address(MeshSnapshot snapshot, Client client) {
    if (pod.isEmpty()) {
      return addresses(snapshot, client, service).stream().findFirst();
    }
    HeadlessView reach = HeadlessView.of(snapshot, service, client.asking());
    return reach.pods().stream()
        .filter(endpoint -> endpoint.hostname().equals(pod))
        .map(ServiceEndpoint::address)
        .findFirst()
        .or(
            () ->
                reach.behind().containsKey(pod)
                    ? Optional.ofNullable(service.podVips().get(pod))
                    : Optional.empty());
  }
}
