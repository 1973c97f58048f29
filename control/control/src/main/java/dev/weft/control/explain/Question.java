package dev.weft.control.explain;

import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Optional;

/**
 * What was asked, found in a snapshot.
 *
 * @param ports of the service that are meant
 */
record Question(Workload client, MeshService service, List<ServicePort> ports) {
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
    Workload client = client(snapshot, from, cluster);
    int colon = service.lastIndexOf(':');
    MeshService target =
        service(
            snapshot, colon < 0 ? service : service.substring(0, colon), client.key().namespace());
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
    String suffix = ".svc." + snapshot.settings().domainSuffix();
    String stem = host.endsWith(suffix) ? host.substring(0, host.length() - suffix.length()) : host;
    stem = stem.endsWith(".svc") ? stem.substring(0, stem.length() - 4) : stem;
    int dot = stem.indexOf('.');
    ServiceId id =
        dot < 0
            ? new ServiceId(namespace, stem)
            : new ServiceId(stem.substring(dot + 1), stem.substring(0, dot));
    Optional<MeshService> service = snapshot.service(id);
    if (service.isPresent()) {
      return service.get();
    }
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

  private static Workload client(MeshSnapshot snapshot, String from, String cluster)
      throws UnclearException {
    // kubectl's names begin with a kind: pod/sleep-1.
    String name = from.substring(from.indexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    String pod = dot < 0 ? name : name.substring(0, dot);
    String namespace = dot < 0 ? "default" : name.substring(dot + 1);
    List<Workload> named =
        snapshot.workloads().values().stream()
            .filter(w -> cluster.isEmpty() || w.key().cluster().value().equals(cluster))
            .filter(w -> w.key().namespace().equals(namespace))
            .filter(w -> w.key().pod().equals(pod) || w.workloadName().equals(pod))
            .filter(w -> !w.terminating())
            .toList();
    if (named.isEmpty()) {
      throw new UnclearException(
          "no pod or workload "
              + pod
              + " in namespace "
              + namespace
              + (cluster.isEmpty() ? " of any cluster" : " of cluster " + cluster));
    }
    List<ClusterId> clusters = named.stream().map(w -> w.key().cluster()).distinct().toList();
    if (clusters.size() > 1) {
      throw new UnclearException(
          pod + " is in the clusters " + clusters + "; say which one by --context");
    }
    return named.getFirst();
  }
}
