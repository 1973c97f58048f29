package dev.weft.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.ApiServer;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.PodBackend;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.Kubeconfigs;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.OutputStream;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process against real API servers on loopback. */
class ControlPlaneTest {
  private static final String MEMBERS = "/apis/mesh.weft.dev/v1alpha1/memberclusters";

  @TempDir Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private KubeApi mesh;
  private ApiServer cluster2;
  private KubeApi api1;
  private KubeApi api2;
  private ControlPlane plane;

  @BeforeEach
  void start() throws Exception {
    ApiServer meshServer = server("mesh");
    ApiServer cluster1 = server("cluster1");
    cluster2 = server("cluster2");
    mesh = client(meshServer);
    api1 = client(cluster1);
    api2 = client(cluster2);
    Path kubeconfig = directory.resolve("mesh.yaml");
    Files.writeString(kubeconfig, kubeconfig(meshServer));
    plane =
        ControlPlane.start(
            new ControlOptions(kubeconfig, "127.0.0.1", directory, "127.0.0.1", 0, 0, 0, 0, false));
    open.add(plane);
    settle(() -> mesh.get("/api/v1/namespaces/istio-system").isPresent(), found -> found);
    register("cluster1", cluster1);
    register("cluster2", cluster2);
    settle(() -> get("/debug/clusterz"), c -> synced(c, 2));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
  }

  @Test
  void a_cluster_is_registered_explained_lost_found_again_and_removed() throws Exception {
    JsonNode ready = text("/ready");
    assertThat(ready.asText()).isEqualTo("ready");
    settle(() -> mesh.get(MEMBERS + "/cluster2").toString(), s -> s.contains("phase=Synced"));
    mesh.delete(MEMBERS + "/cluster2");
    settle(() -> mesh.get(MEMBERS + "/cluster2").toString(), s -> s.contains("phase=Synced"));

    workloads();
    mesh.merge(MEMBERS + "/cluster1", Map.of("spec", Map.of("network", "network1")));
    mesh.merge(MEMBERS + "/cluster2", Map.of("spec", Map.of("network", "network2")));
    JsonNode without = settle(() -> explain(), e -> decision(e).equals("left-out"));
    assertThat(without.at("/ports/0/endpoints/0/reason").asText()).isEqualTo("no-gateway");
    assertThat(without.at("/addresses/0").asText()).startsWith("240.240.");

    mesh.merge(
        MEMBERS + "/cluster2",
        Map.of(
            "spec",
            Map.of("crossClusterProxy", Map.of("enabled", true, "address", "172.18.0.3:15443"))));
    JsonNode via = settle(() -> explain(), e -> decision(e).equals("via-gateway"));
    assertThat(via.at("/ports/0/endpoints/0/address").asText()).isEqualTo("172.18.0.3:15443");
    assertThat(via.at("/ports/0/endpoints/0/behind/0/name").asText()).isEqualTo("httpbin-1");
    assertThat(get("/debug/networkz").at("/0/network").asText()).isEqualTo("network2");

    cluster2.stop();
    settle(() -> get("/debug/clusterz"), c -> c.at("/1/syncStatus").asText().equals("lost"));
    assertThat(decision(explain())).isEqualTo("via-gateway");
    settle(() -> mesh.get(MEMBERS + "/cluster2").toString(), s -> s.contains("phase=Lost"));

    cluster2.start();
    settle(() -> get("/debug/clusterz"), c -> synced(c, 2));
    assertThat(decision(explain())).isEqualTo("via-gateway");

    mesh.delete("/api/v1/namespaces/istio-system/secrets/istio-remote-secret-cluster2");
    settle(() -> get("/debug/clusterz"), c -> synced(c, 1));
    assertThat(get("/debug/registryz").toString()).doesNotContain("httpbin");
    assertThat(get("/debug/networkz")).isEmpty();
    settle(() -> mesh.get(MEMBERS + "/cluster2").toString(), s -> s.contains("phase=Unregistered"));
  }

  @Test
  void member_clusters_get_what_sidecars_need_and_the_proxy_appears_and_goes() throws Exception {
    String webhook =
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector-istio-system";
    settle(() -> api1.get(webhook).isPresent(), found -> found);
    settle(
        () -> api1.get("/api/v1/namespaces/default/configmaps/istio-ca-root-cert").isPresent(),
        found -> found);
    mesh.merge(
        MEMBERS + "/cluster2",
        Map.of(
            "spec", Map.of("network", "network2", "crossClusterProxy", Map.of("enabled", true))));
    String deployment =
        "/apis/apps/v1/namespaces/istio-system/deployments/istio-asm-cross-network-cluster2";
    settle(() -> api2.get(deployment).isPresent(), found -> found);
    mesh.merge(
        MEMBERS + "/cluster2",
        Map.of("spec", Map.of("crossClusterProxy", Map.of("enabled", false))));
    settle(() -> api2.get(deployment).isPresent(), found -> !found);
  }

  @Test
  void settings_change_while_it_runs_and_bad_ones_are_reported() throws Exception {
    String maps = "/api/v1/namespaces/istio-system/configmaps";
    Object unused =
        mesh.create(
            maps,
            Map.of(
                "metadata",
                Map.of("name", "istio"),
                "data",
                Map.of("mesh", "enableAutoMtls: false\noutboundTrafficPolicy: {mode: NOWHERE}\n")));
    JsonNode found = settle(() -> get("/debug/diagnostics"), d -> d.toString().contains("NOWHERE"));
    assertThat(found.toString()).contains("mesh.outboundTrafficPolicy.mode");
    assertThat(text("/metrics").asText())
        .contains("istiod_managed_clusters{cluster_type=\"remote\"} 2");
  }

  @Test
  void new_credentials_take_over_without_a_gap_and_unusable_ones_change_nothing() throws Exception {
    workloads();
    mesh.merge(MEMBERS + "/cluster2", Map.of("spec", Map.of("network", "network1")));
    mesh.merge(MEMBERS + "/cluster1", Map.of("spec", Map.of("network", "network1")));
    settle(() -> explain(), e -> decision(e).equals("direct"));
    String secret = "/api/v1/namespaces/istio-system/secrets/istio-remote-secret-cluster2";
    mesh.merge(secret, Map.of("stringData", Map.of("cluster2", "users: [{user: {exec: {}}}]")));
    settle(() -> get("/debug/diagnostics"), d -> d.toString().contains("bad-kubeconfig"));
    assertThat(synced(get("/debug/clusterz"), 2)).isTrue();
    assertThat(decision(explain())).isEqualTo("direct");

    mesh.merge(secret, Map.of("stringData", Map.of("cluster2", "# new\n" + kubeconfig(cluster2))));
    settle(() -> get("/debug/diagnostics"), d -> !d.toString().contains("bad-kubeconfig"));
    pod(api2, "httpbin-2", "httpbin", "10.244.0.8");
    JsonNode clusters = get("/debug/clusterz");
    assertThat(synced(clusters, 2)).isTrue();
    assertThat(decision(explain())).isEqualTo("direct");
    settle(
        () -> body("/debug/explain?service=kubernetes&from=httpbin-2&cluster=cluster2"),
        e -> e.contains("\"pod\" : \"httpbin-2\""));
  }

  private void workloads() throws IOException {
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

  private static void pod(KubeApi api, String name, String app, String ip) throws IOException {
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

  private JsonNode explain() throws Exception {
    return get("/debug/explain?service=httpbin:8000&from=sleep-1&cluster=cluster1");
  }

  private static String decision(JsonNode explanation) {
    return explanation.at("/ports/0/endpoints/0/decision").asText();
  }

  private static boolean synced(JsonNode clusters, int count) {
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

  private static String kubeconfig(ApiServer server) {
    return server.kubeconfig("test", "https://127.0.0.1:" + server.port());
  }

  private JsonNode get(String path) throws Exception {
    return json.readTree(body(path));
  }

  private JsonNode text(String path) throws Exception {
    return json.getNodeFactory().textNode(body(path).strip());
  }

  private String body(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plane.monitoringPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Asks until the answer is the one expected; the last answer is shown where it never is. */
  private static <T> T settle(Callable<T> question, Predicate<T> expected) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
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
    KubernetesClient client = Kubeconfigs.client(kubeconfig(server));
    open.add(client);
    return new KubeApi(client);
  }

  private static final class NoPods implements PodBackend {
    @Override
    public Exec exec(String namespace, String pod, String container, ExecRequest request) {
      throw new ApiException(404, "NotFound", "no pods here");
    }

    @Override
    public void logs(String namespace, String pod, LogRequest request, OutputStream out) {
      throw new ApiException(404, "NotFound", "no pods here");
    }

    @Override
    public Connection connect(String namespace, String pod, int port) throws IOException {
      throw new IOException("no pods here");
    }
  }
}
