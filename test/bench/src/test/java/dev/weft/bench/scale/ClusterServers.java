package dev.weft.bench.scale;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.bench.scale.Estate.Endpoint;
import dev.weft.bench.scale.Estate.PodId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * The process of the API servers: the config API {@code mesh} and the member clusters, filled with
 * an {@link Estate}. Says {@code ready} when everything is there, and ends with its standard input,
 * so that it does not outlive who started it.
 */
final class ClusterServers {
  static final String MESH = "mesh";
  static final String READY = "ready";

  private static final ResourceType NAMESPACES =
      ResourceType.coreClusterScoped("namespaces", "Namespace");
  private static final ResourceType NODES = ResourceType.coreClusterScoped("nodes", "Node");
  private static final ResourceType SECRETS = ResourceType.core("secrets", "Secret");
  private static final ResourceType SERVICES = ResourceType.core("services", "Service");
  private static final ResourceType PODS = ResourceType.core("pods", "Pod");
  private static final ResourceType SLICES =
      new ResourceType("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);

  /** The storage writes to the disk what waits together, so that many writers cost little more. */
  private static final int WRITERS = 32;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Estate estate;

  private ClusterServers(Path directory, Estate estate) {
    this.directory = directory;
    this.estate = estate;
  }

  /**
   * Runs until its standard input ends.
   *
   * @param args a directory for the servers and their kubeconfigs, and the number of services
   */
  public static void main(String[] args) throws Exception {
    EndOnFailure.install();
    new ClusterServers(Path.of(args[0]), new Estate(Integer.parseInt(args[1]))).run();
    System.out.println(READY);
    while (System.in.read() >= 0) {
      // nothing is said to it
    }
    System.exit(0);
  }

  /** Where a server's kubeconfig is. */
  static Path kubeconfig(Path directory, String server) {
    return directory.resolve(server + ".kubeconfig");
  }

  private void run() throws IOException, InterruptedException, ExecutionException {
    ObjectStore mesh = start(MESH).objects();
    namespace(mesh, "istio-system", Map.of());
    namespaces(mesh);
    List<ObjectStore> members = new ArrayList<>();
    for (String cluster : Estate.CLUSTERS) {
      ApiServer server = start(cluster);
      ObjectStore member = server.objects();
      // One network: every endpoint is the address of a pod.
      namespace(member, "istio-system", Map.of("topology.istio.io/network", "network1"));
      namespaces(member);
      Estate.nodes().forEach(node -> member.create(NODES, "", tree(node)));
      members.add(member);
      register(mesh, cluster, server);
    }
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<? extends Future<?>> services =
          IntStream.range(0, estate.services())
              .mapToObj(service -> writers.submit(() -> fill(members, service)))
              .toList();
      for (Future<?> service : services) {
        service.get();
      }
    }
  }

  private ApiServer start(String name) throws IOException {
    ApiServer server =
        ApiServer.open(
            new ApiServerSettings(name, directory.resolve(name), 0, List.of()),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("there are no pods behind services here");
            });
    server.start();
    Files.writeString(
        kubeconfig(directory, name), server.kubeconfig(name, "https://127.0.0.1:" + server.port()));
    return server;
  }

  private static void register(ObjectStore mesh, String cluster, ApiServer server) {
    mesh.create(
        SECRETS,
        "istio-system",
        tree(
            Map.of(
                "metadata",
                Map.of(
                    "name",
                    "istio-remote-secret-" + cluster,
                    "labels",
                    Map.of("istio/multiCluster", "true")),
                "stringData",
                Map.of(
                    cluster, server.kubeconfig(cluster, "https://127.0.0.1:" + server.port())))));
  }

  private void namespaces(ObjectStore store) {
    for (int n = 0; n < estate.namespaces(); n++) {
      namespace(store, "ns" + n, Map.of());
    }
  }

  private static void namespace(ObjectStore store, String name, Map<String, String> labels) {
    store.create(NAMESPACES, "", tree(Map.of("metadata", Map.of("name", name, "labels", labels))));
  }

  private void fill(List<ObjectStore> members, int service) {
    String namespace = Estate.namespace(service);
    for (int cluster = 0; cluster < members.size(); cluster++) {
      ObjectStore member = members.get(cluster);
      member.create(SERVICES, namespace, tree(Estate.service(service)));
      List<Endpoint> endpoints = new ArrayList<>();
      for (int place = 0; place < Estate.PODS; place++) {
        PodId pod = new PodId(service, place, 0);
        if (pod.cluster() == cluster) {
          member.create(PODS, namespace, tree(Estate.pod(pod)));
          member.mergePatchStatus(PODS, namespace, pod.name(), tree(estate.running(pod)));
          endpoints.add(new Endpoint(pod, true));
        }
      }
      member.create(SLICES, namespace, tree(estate.slice(service, endpoints)));
    }
  }

  private static ObjectNode tree(Map<String, Object> object) {
    return JSON.valueToTree(object);
  }
}
