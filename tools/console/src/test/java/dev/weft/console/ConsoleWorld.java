package dev.weft.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.apiserver.ApiServerOptions;
import dev.weft.apiserver.ApiServerOptions.Authorization;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.config.ConfigKind;
import dev.weft.config.ControlIdentity;
import dev.weft.config.MeshSettings;
import dev.weft.console.api.CertificateView;
import dev.weft.console.api.ProxyDetail;
import dev.weft.console.api.ProxyRow;
import dev.weft.console.view.Bookstore;
import dev.weft.console.view.Moment;
import dev.weft.console.view.ObjectTrees;
import dev.weft.console.yaml.YamlDocument;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.Kubeconfigs;
import dev.weft.discovery.MemberClusters.Registration;
import dev.weft.discovery.MeshApi;
import dev.weft.loop.Clock;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.topology.Flow;
import dev.weft.topology.Place;
import dev.weft.topology.SourceState;
import dev.weft.topology.SourceState.Health;
import dev.weft.topology.SourceState.Kind;
import dev.weft.topology.Tally;
import dev.weft.topology.Traffic;
import dev.weft.topology.TrafficSource;
import dev.weft.topology.Volume;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A console on loopback, whose config API is a real API server that asks who may do what. Confined
 * to its test's thread.
 */
final class ConsoleWorld implements AutoCloseable {
  static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
  static final ProxyRow PROXY =
      new ProxyRow(
          "reviews-v1-1.demo.east", "east", "demo", "reviews-v1", "1", "", "one", List.of());

  private final List<AutoCloseable> open = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();
  private final ApiServer server;
  final KubeApi api;
  final ConsoleServer console;
  volatile Moment moment = Bookstore.moment();

  /** What flowed: ten requests a second from east to west, whenever one asks. */
  private static final class Steady implements TrafficSource {
    @Override
    public Traffic between(Instant from, Instant to) {
      long requests = Duration.between(from, to).toSeconds() * 10;
      return new Traffic(
          Map.of(
              new Flow(
                  Flow.Reporter.SOURCE,
                  new Place("east", "demo", "reviews-v1"),
                  new Place("west", "demo", "reviews-v2"),
                  "reviews.demo.svc.cluster.local",
                  Flow.Protocol.HTTP,
                  200,
                  "-",
                  "",
                  true),
              new Volume(requests, requests * 3, 0, 0)),
          Map.of(),
          new SourceState(Kind.EMBEDDED, Health.OK, "", Optional.of(to)));
    }

    @Override
    public List<Tally> strip(Instant from, Instant to, Duration step) {
      return List.of(new Tally(from, step.toSeconds() * 10, step.toSeconds()));
    }
  }

  private static final class OneProxy implements ProxyBook {
    @Override
    public boolean onDemand(WorkloadKey pod) {
      return pod.pod().startsWith("reviews-v2");
    }

    @Override
    public List<ProxyRow> rows() {
      return List.of(PROXY);
    }

    @Override
    public Optional<ProxyDetail> detail(String id) {
      return id.equals(PROXY.id())
          ? Optional.of(
              new ProxyDetail(
                  PROXY, List.of(Map.of("name", "l")), List.of(), List.of(), List.of(), List.of()))
          : Optional.empty();
    }
  }

  ConsoleWorld(Path directory) throws Exception {
    server =
        closing(
            ApiServer.open(
                new ApiServerSettings("mesh", directory.resolve("mesh"), 0, List.of()),
                new NoPods(),
                (namespace, service, port) -> {
                  throw new IOException("no services here");
                },
                ApiServerOptions.DEFAULTS.withAuthorization(Authorization.RBAC)));
    server.start();
    String kubeconfig = server.kubeconfig("mesh", "https://127.0.0.1:" + server.port());
    KubernetesClient client = closing(Kubeconfigs.client(kubeconfig));
    api = new KubeApi(client);
    prepare();
    MeshApi mesh =
        closing(
            MeshApi.of(
                Files.writeString(directory.resolve("mesh.yaml"), kubeconfig),
                ControlIdentity.hosted("istio-system"),
                MeshSettings.defaults(),
                event -> {},
                Clock.system()));
    console =
        closing(
            new ConsoleServer(
                "127.0.0.1",
                0,
                new ConsoleParts(
                    "1.2.3",
                    api.server(),
                    () -> moment,
                    new Steady(),
                    mesh.users()::with,
                    cluster -> Optional.of(api),
                    () -> List.of(new Registration(new ClusterId("east"), "secret-east", "")),
                    new OneProxy(),
                    List::<CertificateView>of,
                    InstantSource.system()),
                "dev/weft/console/testweb/"));
    assertThat(console.server().start().isRunning()).isTrue();
  }

  private void prepare() throws Exception {
    for (ConfigKind kind :
        List.of(
            ConfigKind.VIRTUAL_SERVICE, ConfigKind.DESTINATION_RULE, ConfigKind.MEMBER_CLUSTER)) {
      created("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition(kind));
    }
    created("/api/v1/namespaces", Map.of("metadata", Map.of("name", "demo")));
    for (YamlDocument document : YamlDocument.all(Bookstore.RULES)) {
      String collection = ObjectTrees.collection(ObjectTrees.ref(document.tree()));
      settle(collection);
      created(collection, document.tree());
    }
    account("stranger");
    for (String name : List.of("reader", "admin")) {
      account(name);
      bind(name);
    }
  }

  private static Map<String, Object> definition(ConfigKind kind) {
    Map<String, Object> schema =
        Map.of("type", "object", "x-kubernetes-preserve-unknown-fields", true);
    String version = kind.versions().getFirst();
    return Map.of(
        "metadata",
        Map.of("name", kind.plural() + "." + kind.group()),
        "spec",
        Map.of(
            "group",
            kind.group(),
            "scope",
            kind.namespaced() ? "Namespaced" : "Cluster",
            "names",
            Map.of("kind", kind.kind(), "plural", kind.plural(), "listKind", kind.kind() + "List"),
            "versions",
            List.of(
                Map.of(
                    "name",
                    version,
                    "served",
                    true,
                    "storage",
                    true,
                    "schema",
                    Map.of("openAPIV3Schema", schema)))));
  }

  private void settle(String path) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (api.get(path).isEmpty()) {
      assertThat(System.nanoTime()).as("waiting for %s", path).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private void created(String collection, Map<String, ?> object) throws IOException {
    assertThat(api.create(collection, object)).containsKey("metadata");
  }

  private void account(String name) throws IOException {
    created("/api/v1/namespaces/demo/serviceaccounts", Map.of("metadata", Map.of("name", name)));
  }

  /** The roles that are written down for people. */
  private void bind(String name) throws Exception {
    String role = "weft-console-" + name;
    Path file = Path.of("../../docs/roles", "console-" + name + ".yaml");
    created(RBAC + "/clusterroles", YamlDocument.all(Files.readString(file)).getFirst().tree());
    created(
        RBAC + "/clusterrolebindings",
        Map.of(
            "metadata",
            Map.of("name", role),
            "roleRef",
            Map.of("apiGroup", "rbac.authorization.k8s.io", "kind", "ClusterRole", "name", role),
            "subjects",
            List.of(Map.of("kind", "ServiceAccount", "name", name, "namespace", "demo"))));
  }

  String token(String account) {
    return server.serviceAccountToken(
        "demo", account, List.of(), Duration.ofHours(1), Optional.empty());
  }

  private HttpRequest.Builder request(String path, String token) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + console.server().port() + path));
    return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> get(String path, String token) throws Exception {
    return http.send(request(path, token).build(), BodyHandlers.ofString());
  }

  HttpResponse<byte[]> compressed(String path, String token) throws Exception {
    return http.send(
        request(path, token).header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<InputStream> stream(String path, String token) throws Exception {
    return http.send(request(path, token).build(), BodyHandlers.ofInputStream());
  }

  HttpResponse<String> send(String method, String path, String token, String body)
      throws Exception {
    return http.send(
        request(path, token).method(method, BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }

  /** What a reader sees below {@code /api/v1}. */
  JsonNode read(String path) throws Exception {
    HttpResponse<String> response = get("/api/v1" + path, token("reader"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json.readTree(response.body());
  }

  JsonNode json(HttpResponse<String> response) throws IOException {
    return json.readTree(response.body());
  }

  private <T extends AutoCloseable> T closing(T part) {
    open.add(part);
    return part;
  }

  @Override
  public void close() throws Exception {
    http.close();
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }
}
