package dev.weft.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.Kubeconfigs;
import dev.weft.loop.Clock;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The whole process against real API servers on loopback. Confined to its test's thread. */
final class LoopbackMesh implements AutoCloseable {
  static final String MEMBERS = "/apis/mesh.weft.dev/v1alpha1/memberclusters";

  private final Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  final KubeApi mesh;
  private final KubernetesClient meshClient;
  final ApiServer meshServer;
  final ApiServer cluster1;
  final ApiServer cluster2;
  final KubeApi api1;
  final KubeApi api2;
  final Path kubeconfig;
  ControlPlane plane;

  /** Two clusters are registered and read when this returns. */
  LoopbackMesh(Path directory) throws Exception {
    this.directory = directory;
    meshServer = server("mesh");
    cluster1 = server("cluster1");
    cluster2 = server("cluster2");
    meshClient = connected(meshServer);
    mesh = new KubeApi(meshClient);
    api1 = client(cluster1);
    api2 = client(cluster2);
    kubeconfig = directory.resolve("mesh.yaml");
    Files.writeString(kubeconfig, kubeconfig(meshServer));
    plane = startPlane();
    settle(() -> mesh.get("/api/v1/namespaces/istio-system").isPresent(), found -> found);
    register("cluster1", cluster1);
    register("cluster2", cluster2);
    settle(() -> get("/debug/clusterz"), c -> synced(c, 2));
    for (String name : List.of("cluster1", "cluster2")) {
      settle(() -> mesh.get(MEMBERS + "/" + name).isPresent(), found -> found);
    }
  }

  private ControlPlane startPlane() throws Exception {
    return ControlPlane.start(options(kubeconfig, directory), Clock.system());
  }

  /**
   * Any ports of loopback.
   *
   * @param more options
   */
  static ControlOptions options(Path kubeconfig, Path directory, String... more)
      throws ControlOptions.UsageException {
    List<String> words = new ArrayList<>(List.of("--kubeconfig", kubeconfig.toString()));
    words.addAll(List.of("--data-dir", directory.toString(), "--bind", "127.0.0.1"));
    words.addAll(List.of("--advertise", "127.0.0.1", "--xds-port", "0", "--xds-tls-port", "0"));
    words.addAll(List.of("--webhook-port", "0", "--monitoring-port", "0", "--console-port", "0"));
    words.addAll(List.of(more));
    return ControlOptions.parse(words.toArray(String[]::new), Map.of());
  }

  /** Ends the control plane and starts another one with the same directory. */
  void restart() throws Exception {
    plane.close();
    plane = startPlane();
  }

  @Override
  public void close() throws Exception {
    plane.close();
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
  }

  void workloads() throws IOException {
    pod(api1, "sleep-1", "sleep", "10.244.0.7");
    pod(api2, "httpbin-1", "httpbin", "10.244.0.7");
    Object service =
        api2.create(
            "/api/v1/namespaces/default/services",
            Map.of(
                "metadata",
                Map.of("name", "httpbin"),
                "spec",
                Map.of("ports", List.of(Map.of("name", "http", "port", 8000, "targetPort", 80)))));
    Object slice =
        api2.create(
            "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            Map.of(
                "metadata",
                Map.of(
                    "name", "httpbin-x", "labels", Map.of("kubernetes.io/service-name", "httpbin")),
                "addressType",
                "IPv4",
                "ports",
                List.of(Map.of("name", "http", "port", 80, "protocol", "TCP")),
                "endpoints",
                List.of(
                    Map.of(
                        "addresses",
                        List.of("10.244.0.7"),
                        "conditions",
                        Map.of("ready", true),
                        "targetRef",
                        Map.of("kind", "Pod", "name", "httpbin-1", "namespace", "default")))));
    assertThat(service).isNotNull();
    assertThat(slice).isNotNull();
  }

  static void pod(KubeApi api, String name, String app, String ip) throws IOException {
    Map<String, Object> pod =
        api.create(
            "/api/v1/namespaces/default/pods",
            Map.of(
                "metadata",
                Map.of(
                    "name",
                    name,
                    "labels",
                    Map.of("app", app, "security.istio.io/tlsMode", "istio")),
                "spec",
                Map.of("containers", List.of(Map.of("name", "app", "image", "sleep")))));
    assertThat(pod).containsKey("metadata");
    Map<String, Object> status =
        api.merge(
            "/api/v1/namespaces/default/pods/" + name + "/status",
            Map.of(
                "status",
                Map.of(
                    "phase",
                    "Running",
                    "podIP",
                    ip,
                    "podIPs",
                    List.of(Map.of("ip", ip)),
                    "conditions",
                    List.of(Map.of("type", "Ready", "status", "True")))));
    assertThat(status).containsKey("status");
  }

  JsonNode explain() throws Exception {
    return get("/debug/explain?service=httpbin:8000&from=sleep-1&cluster=cluster1");
  }

  static String decision(JsonNode explanation) {
    return explanation.at("/ports/0/endpoints/0/decision").asText();
  }

  static boolean synced(JsonNode clusters, int count) {
    if (clusters.size() != count) {
      return false;
    }
    for (JsonNode cluster : clusters) {
      if (!cluster.path("syncStatus").asText().equals("synced")) {
        return false;
      }
    }
    return true;
  }

  private void register(String name, ApiServer server) throws IOException {
    Map<String, Object> secret =
        mesh.create(
            "/api/v1/namespaces/istio-system/secrets",
            Map.of(
                "metadata",
                Map.of(
                    "name",
                    "istio-remote-secret-" + name,
                    "labels",
                    Map.of("istio/multiCluster", "true")),
                "stringData",
                Map.of(name, kubeconfig(server))));
    assertThat(secret).containsKey("metadata");
  }

  static String kubeconfig(ApiServer server) {
    return server.kubeconfig("test", "https://127.0.0.1:" + server.port());
  }

  JsonNode get(String path) throws Exception {
    return json.readTree(body(path));
  }

  /** Of another control plane than the first. */
  JsonNode get(ControlPlane other, String path) throws Exception {
    return json.readTree(body(other, path));
  }

  JsonNode text(String path) throws Exception {
    return json.getNodeFactory().textNode(body(path).strip());
  }

  String body(String path) throws Exception {
    return body(plane, path);
  }

  private String body(ControlPlane asked, String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + asked.monitoringPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /**
   * The status that somebody outside of the control plane's pod gets.
   *
   * @param authorization the header; empty for none
   */
  int statusElsewhere(String path, String authorization) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plane.monitoringPort() + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try (HttpClient client =
        HttpClient.newBuilder().localAddress(InetAddress.ofLiteral("127.0.0.6")).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }
  }

  /** Asks until the answer is the one expected; the last answer is shown where it never is. */
  static <T> T settle(Callable<T> question, Predicate<T> expected) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      T answer = question.call();
      if (expected.test(answer)) {
        return answer;
      }
      assertThat(System.nanoTime()).as("still %s", answer).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private ApiServer server(String name) throws IOException {
    ApiServer server =
        ApiServer.open(
            new ApiServerSettings(name, directory.resolve(name), 0, List.of()),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("no services here");
            });
    server.start();
    open.add(server);
    return server;
  }

  private KubeApi client(ApiServer server) {
    return new KubeApi(connected(server));
  }

  private KubernetesClient connected(ApiServer server) {
    KubernetesClient client = Kubeconfigs.client(kubeconfig(server));
    open.add(client);
    return client;
  }

  /** An object of the config API. */
  JsonNode object(String path) throws IOException {
    return json.valueToTree(mesh.get(path).orElseThrow());
  }

  /** What {@code kubectl get} shows in a column of a collection of the config API. */
  String cell(String collection, String name, String column) throws Exception {
    String url = meshClient.getMasterUrl().toString();
    JsonNode table =
        json.readTree(
            meshClient
                .getHttpClient()
                .sendAsync(
                    meshClient
                        .getHttpClient()
                        .newHttpRequestBuilder()
                        .uri(url.substring(0, url.length() - 1) + collection)
                        .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                        .build(),
                    String.class)
                .get(60, TimeUnit.SECONDS)
                .body());
    int at = 0;
    while (!table.at("/columnDefinitions/" + at + "/name").asText().equals(column)) {
      assertThat(at++).as("no column %s in %s", column, table).isLessThan(20);
    }
    for (JsonNode row : table.path("rows")) {
      if (row.at("/cells/0").asText().equals(name)) {
        return row.at("/cells/" + at).asText();
      }
    }
    return "no such object";
  }
}
