package dev.weft.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.ApiServerOptions;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectRef;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.Kubeconfigs;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Observed;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.testkit.SimulatedClock;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real API server on loopback. */
class FindingsWriterTest {
  private static final String RULES =
      "/apis/networking.istio.io/v1/namespaces/default/destinationrules";
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";

  @TempDir Path directory;
  private final SimulatedClock clock = new SimulatedClock();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final BlockingQueue<ConfigEvent> told = new LinkedBlockingQueue<>();
  private ApiServer server;
  private KubeApi admin;

  @BeforeEach
  void start() throws Exception {
    server =
        ApiServer.open(
            new ApiServerSettings("mesh", directory, 0, List.of()),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("no services here");
            },
            ApiServerOptions.DEFAULTS.withAuthorization(ApiServerOptions.Authorization.RBAC));
    server.start();
    open.add(server);
    admin = client(server.adminToken());
    for (Map<String, Object> definition : Crds.all()) {
      create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
    }
    rule("one");
    rule("two");
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
  }

  private KubeApi client(String token) {
    KubernetesClient client =
        Kubeconfigs.client(
            server
                .kubeconfig("test", "https://127.0.0.1:" + server.port())
                .replace(server.adminToken(), token));
    open.add(client);
    return new KubeApi(client);
  }

  private void create(String path, Map<String, ?> object) throws IOException {
    assertThat(admin.create(path, object)).containsKey("metadata");
  }

  private void rule(String name) throws Exception {
    settled(() -> admin.get(RULES).isPresent());
    create(RULES, Map.of("metadata", Map.of("name", name), "spec", Map.of("host", name)));
  }

  private static ObjectRef ref(String name) {
    return new ObjectRef(ConfigKind.DESTINATION_RULE, "default", name);
  }

  private FindingsWriter writer(KubeApi api) {
    FindingsWriter writer = new FindingsWriter(api, told::add, clock);
    open.add(writer.start());
    return writer;
  }

  /** What has been read and found: these objects with a code each, or with none. */
  private static void tell(FindingsWriter writer, Map<String, String> codes) {
    Map<ObjectRef, Long> generations = new TreeMap<>();
    List<Diagnostic> found = new ArrayList<>();
    codes.forEach(
        (name, code) -> {
          generations.put(ref(name), 1L);
          if (!code.isEmpty()) {
            found.add(Diagnostic.warning(code, ref(name).toString(), "spec.host", "look at it"));
          }
        });
    ConfigSet config =
        new ConfigSet(
            MeshSettings.defaults(),
            Map.of(),
            Map.of(),
            Map.of(),
            found,
            Map.of(),
            Map.of(),
            generations);
    MeshSnapshot snapshot =
        SnapshotBuilder.build(config, MeshSnapshot.empty(config.settings())).snapshot();
    writer.onObserved(Observed.of(config, snapshot));
  }

  private Map<?, ?> object(String name) throws IOException {
    return admin.get(RULES + "/" + name).orElseThrow();
  }

  private String status(String name) throws IOException {
    return String.valueOf(object(name).get("status"));
  }

  private String version(String name) throws IOException {
    return object(name).get("metadata") instanceof Map<?, ?> m
        ? String.valueOf(m.get("resourceVersion"))
        : "";
  }

  @FunctionalInterface
  private interface Question {
    boolean holds() throws Exception;
  }

  private void settled(Question question) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!question.holds()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      clock.pass(Duration.ofMillis(100));
    }
  }

  @Test
  void only_what_changes_is_written() throws Exception {
    FindingsWriter writer = writer(admin);
    tell(writer, Map.of("one", "IST0174", "two", ""));
    settled(() -> status("one").contains("IST0174") && status("two").contains("in force"));
    String before = version("one");

    tell(writer, Map.of("one", "IST0174", "two", "IST0173"));
    settled(() -> status("two").contains("IST0173"));
    assertThat(version("one")).isEqualTo(before);

    // Another replica leads now: it reads what is there.
    FindingsWriter next = writer(admin);
    tell(next, Map.of("one", "IST0174", "two", ""));
    settled(() -> status("two").contains("in force"));
    assertThat(version("one")).isEqualTo(before);
    assertThat(status("two")).doesNotContain("IST0173").doesNotContain("validationMessages");
  }

  @Test
  void what_others_write_into_a_status_is_theirs() throws Exception {
    apply("one", "another", Map.of("type", "Programmed", "status", "True"));
    apply("two", "another", Map.of("type", "Reconciled", "status", "Unknown"));
    FindingsWriter writer = writer(admin);
    tell(writer, Map.of("one", "IST0174", "two", "IST0174"));
    settled(() -> status("one").contains("IST0174"));
    assertThat(status("one")).contains("Programmed");

    // Nothing is taken back from who has the same condition.
    rule("three");
    tell(writer, Map.of("one", "", "two", "IST0174", "three", "IST0174"));
    settled(() -> status("three").contains("IST0174"));
    assertThat(status("two")).contains("Unknown").doesNotContain("IST0174");
  }

  private void apply(String name, String manager, Map<String, String> condition)
      throws IOException {
    assertThat(
            admin.apply(
                RULES + "/" + name + "/status",
                manager,
                Map.of(
                    "apiVersion",
                    "networking.istio.io/v1",
                    "kind",
                    "DestinationRule",
                    "metadata",
                    Map.of("name", name, "namespace", "default"),
                    "status",
                    Map.of("conditions", List.of(condition)))))
        .containsKey("status");
  }

  @Test
  void a_missing_right_is_told_once_and_named() throws Exception {
    create(
        RBAC + "/clusterroles",
        Map.of(
            "metadata",
            Map.of("name", "reader"),
            "rules",
            List.of(
                Map.of(
                    "apiGroups", List.of("networking.istio.io"),
                    "resources", List.of("*"),
                    "verbs", List.of("get", "list")))));
    create(
        "/api/v1/namespaces/default/serviceaccounts", Map.of("metadata", Map.of("name", "plane")));
    create(
        RBAC + "/clusterrolebindings",
        Map.of(
            "metadata",
            Map.of("name", "plane"),
            "roleRef",
            Map.of(
                "apiGroup", "rbac.authorization.k8s.io", "kind", "ClusterRole", "name", "reader"),
            "subjects",
            List.of(Map.of("kind", "ServiceAccount", "name", "plane", "namespace", "default"))));
    String token =
        server.serviceAccountToken(
            "default", "plane", List.of(), Duration.ofHours(1), Optional.empty());

    FindingsWriter writer = writer(client(token));
    tell(writer, Map.of("one", "IST0174", "two", ""));
    ConfigEvent event = Objects.requireNonNull(told.poll(60, TimeUnit.SECONDS), "nothing told");

    assertThat(event).isInstanceOf(ConfigEvent.Noticed.class);
    assertThat(((ConfigEvent.Noticed) event).diagnostics())
        .singleElement()
        .satisfies(
            d ->
                assertThat(d.message())
                    .contains("DestinationRule objects")
                    .contains("destinationrules/status"));
    assertThat(status("one")).isEqualTo("null");
  }
}
