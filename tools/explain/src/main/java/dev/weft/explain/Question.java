package dev.weft.explain;

import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServicePort;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Optional;

/**
 * What was asked, found in a snapshot.
 *
 * @param ports of the service that are meant
 */
record Question(Client client, MeshService service, List<ServicePort> ports) {
  Question {
    ports = List.copyOf(ports);
  }

  /**
   * Finds what the words mean.
   *
   * @param service {@code NAME[.NAMESPACE[.svc…]][:PORT]}; the namespace is the pod's where not
   *     given
   * @param from {@code POD[.NAMESPACE]}, or the name of its Deployment; namespace {@code default}
   *     where not given
   * @param cluster of the pod; empty where its name says enough
   */
  static Question of(MeshSnapshot snapshot, String service, String from, String cluster)
      throws UnclearException {
    Client client = Client.named(snapshot, from, cluster);
    int colon = service.lastIndexOf(':');
    MeshService target =
        service(
            snapshot,
            colon < 0 ? service : service.substring(0, colon),
            client.pod().key().namespace());
    return new Question(
        client, target, ports(target, colon < 0 ? "" : service.substring(colon + 1)));
  }

  private static List<ServicePort> ports(MeshService target, String wanted)
      throws UnclearException {
    if (wanted.isEmpty()) {
      return target.ports();
    }
    Optional<ServicePort> byName = target.port(wanted);
    Optional<ServicePort> found =
        byName.isPresent()
            ? byName
            : target.ports().stream()
                .filter(p -> String.valueOf(p.number()).equals(wanted))
                .findFirst();
    return List.of(
        found.orElseThrow(
            () ->
                new UnclearException(
                    target.hostname()
                        + " has no port "
                        + wanted
                        + ", only "
                        + target.ports().stream().map(p -> p.number() + "/" + p.name()).toList())));
  }

  private static MeshService service(MeshSnapshot snapshot, String host, String namespace)
      throws UnclearException {
    Optional<Called> called = Called.named(snapshot, host, namespace);
    if (called.isPresent()) {
      return called.get().service();
    }
    ServiceId id = id(snapshot, host, namespace);
    List<String> similar =
        snapshot.services().keySet().stream()
            .filter(s -> s.name().equals(id.name()))
            .map(ServiceId::toString)
            .toList();
    throw new UnclearException(
        "no cluster has a Service "
            + id
            + (similar.isEmpty() ? "" : "; there is " + String.join(", ", similar)));
  }

  /** The service that a host name would mean in a namespace, whether there is one or not. */
  private static ServiceId id(MeshSnapshot snapshot, String host, String namespace) {
    String suffix = ".svc." + snapshot.settings().domainSuffix();
    String stem = host.endsWith(suffix) ? host.substring(0, host.length() - suffix.length()) : host;
    stem = stem.endsWith(".svc") ? stem.substring(0, stem.length() - 4) : stem;
    int dot = stem.indexOf('.');
    return dot < 0
        ? new ServiceId(namespace, stem)
        : new ServiceId(stem.substring(dot + 1), stem.substring(0, dot));
  }
}
