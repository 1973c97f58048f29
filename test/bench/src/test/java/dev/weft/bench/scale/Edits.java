package dev.weft.bench.scale;

import dev.weft.bench.scale.Estate.Endpoint;
import dev.weft.bench.scale.Estate.PodId;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.Kubeconfigs;
import dev.weft.xds.XdsType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What users and controllers do to the clusters, over HTTP as they would; what shows in proxies is
 * expected of {@link Deliveries}. Confined to the driver's thread.
 */
final class Edits {
  private static final String ISTIO = "/apis/networking.istio.io/v1/namespaces/";

  private final Estate estate;
  private final Counts counts;
  private final KubeApi mesh;
  private final List<KubeApi> members;

  /** Generation of the pod in place 1 of each service. */
  private final int[] generations;

  private final Set<String> written = new HashSet<>();

  /**
   * @param directory with the kubeconfigs of the servers
   */
  Edits(Estate estate, Counts counts, Path directory) {
    this.estate = estate;
    this.counts = counts;
    this.mesh = api(directory, ClusterServers.MESH);
    this.members = Estate.CLUSTERS.stream().map(name -> api(directory, name)).toList();
    this.generations = new int[estate.services()];
  }

  private static KubeApi api(Path directory, String server) {
    return new KubeApi(Kubeconfigs.client(ClusterServers.kubeconfig(directory, server).toFile()));
  }

  private void expect(XdsType type, String name) {
    counts.deliveries().expect(type, name);
  }

  /** Whether the service's first pod is ready. */
  void endpoint(int service, boolean ready) throws IOException {
    slice(
        service,
        List.of(
            new Endpoint(new PodId(service, 0, 0), ready), new Endpoint(restarted(service), true)));
  }

  private PodId restarted(int service) {
    return new PodId(service, 1, generations[service]);
  }

  private void slice(int service, List<Endpoint> endpoints) throws IOException {
    expect(XdsType.ENDPOINT, Estate.clusterName(service));
    members
        .getFirst()
        .replace(
            "/apis/discovery.k8s.io/v1"
                + namespaced(service)
                + "/endpointslices/"
                + Estate.sliceName(service),
            estate.slice(service, endpoints));
  }

  private static String namespaced(int service) {
    return "/namespaces/" + Estate.namespace(service);
  }

  private static String pods(int service) {
    return "/api/v1" + namespaced(service) + "/pods";
  }

  /** Something about the service's first pod that is nothing to the mesh. */
  void annotation(int service, String value) throws IOException {
    members
        .getFirst()
        .merge(
            pods(service) + "/" + new PodId(service, 0, 0).name(),
            Map.of("metadata", Map.of("annotations", Map.of("example.com/note", value))));
  }

  /** What a rolling update does to one pod: another comes, is ready, and the old one goes. */
  void restart(int service) throws IOException {
    KubeApi api = members.getFirst();
    Endpoint first = new Endpoint(new PodId(service, 0, 0), true);
    PodId old = restarted(service);
    generations[service]++;
    PodId next = restarted(service);
    api.create(pods(service), Estate.pod(next));
    api.merge(pods(service) + "/" + next.name() + "/status", estate.running(next));
    slice(service, List.of(first, new Endpoint(old, true), new Endpoint(next, true)));
    slice(service, List.of(first, new Endpoint(next, true)));
    api.delete(pods(service) + "/" + old.name() + "?gracePeriodSeconds=0");
  }

  /** A route for the service with this timeout. */
  void virtualService(int service, int timeoutSeconds) throws IOException {
    expect(XdsType.ROUTE, "80");
    write(
        ISTIO + Estate.namespace(service) + "/virtualservices",
        service,
        Estate.virtualService(service, timeoutSeconds));
  }

  void deleteVirtualService(int service) throws IOException {
    expect(XdsType.ROUTE, "80");
    delete(ISTIO + Estate.namespace(service) + "/virtualservices", service);
  }

  /** Traffic policy for the service, by its connections at most. */
  void destinationRule(int service, int connections) throws IOException {
    expect(XdsType.CLUSTER, Estate.clusterName(service));
    write(
        ISTIO + Estate.namespace(service) + "/destinationrules",
        service,
        Estate.destinationRule(service, connections));
  }

  private void write(String collection, int service, Map<String, Object> object)
      throws IOException {
    String path = collection + "/" + Estate.name(service);
    if (written.add(path)) {
      mesh.create(collection, object);
    } else {
      mesh.merge(path, Map.of("spec", object.getOrDefault("spec", Map.of())));
    }
  }

  private void delete(String collection, int service) throws IOException {
    String path = collection + "/" + Estate.name(service);
    if (written.remove(path)) {
      mesh.delete(path);
    }
  }

  /** A Service without pods, one of those that the estate has room for. */
  void service(int service) throws IOException {
    expect(XdsType.CLUSTER, Estate.clusterName(service));
    members
        .getFirst()
        .create("/api/v1" + namespaced(service) + "/services", Estate.service(service));
  }

  void deleteService(int service) throws IOException {
    members
        .getFirst()
        .delete("/api/v1" + namespaced(service) + "/services/" + Estate.name(service));
  }
}
