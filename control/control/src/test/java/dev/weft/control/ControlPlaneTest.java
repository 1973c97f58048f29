package dev.weft.control;

import static dev.weft.control.LoopbackMesh.MEMBERS;
import static dev.weft.control.LoopbackMesh.decision;
import static dev.weft.control.LoopbackMesh.settle;
import static dev.weft.control.LoopbackMesh.synced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.discovery.KubeApi;
import dev.weft.loop.Clock;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneTest {
  private static final String WEBHOOK =
      "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector-istio-system";

  @TempDir Path directory;
  private LoopbackMesh world;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackMesh(directory);
  }

  @AfterEach
  void stop() throws Exception {
    world.close();
  }

  @Test
  void a_cluster_is_registered_explained_lost_found_again_and_removed() throws Exception {
    settle(() -> world.text("/ready").asText(), text -> text.equals("ready"));
    settle(() -> world.mesh.get(MEMBERS + "/cluster2").toString(), s -> s.contains("phase=Synced"));
    // Whoever waits for that may make pods.
    assertThat(world.api2.get(WEBHOOK)).isPresent();
    world.mesh.delete(MEMBERS + "/cluster2");
    settle(() -> world.mesh.get(MEMBERS + "/cluster2").toString(), s -> s.contains("phase=Synced"));

    world.workloads();
    world.mesh.merge(MEMBERS + "/cluster1", Map.of("spec", Map.of("network", "network1")));
    world.mesh.merge(MEMBERS + "/cluster2", Map.of("spec", Map.of("network", "network2")));
    JsonNode without = settle(() -> world.explain(), e -> decision(e).equals("left-out"));
    assertThat(without.at("/ports/0/endpoints/0/reason").asText()).isEqualTo("no-gateway");
    assertThat(without.at("/addresses/0").asText()).startsWith("240.240.");

    world.mesh.merge(
        MEMBERS + "/cluster2",
        Map.of(
            "spec",
            Map.of("crossClusterProxy", Map.of("enabled", true, "address", "172.18.0.3:15443"))));
    JsonNode via = settle(() -> world.explain(), e -> decision(e).equals("via-gateway"));
    assertThat(via.at("/ports/0/endpoints/0/address").asText()).isEqualTo("172.18.0.3:15443");
    assertThat(via.at("/ports/0/endpoints/0/behind/0/name").asText()).isEqualTo("httpbin-1");
    assertThat(world.get("/debug/networkz").at("/0/network").asText()).isEqualTo("network2");
    JsonNode story =
        world.get(
            "/debug/explain/request?question="
                + URLEncoder.encode(
                    """
                    {"from": "sleep-1", "cluster": "cluster1", "host": "httpbin:8000", "headers": {"x": "LONG"}}\
                    """
                        .replace("LONG", "x".repeat(10_000)),
                    StandardCharsets.UTF_8));
    assertThat(story.at("/outcome/kind").asText()).isEqualTo("forwarded");
    assertThat(story.at("/destinations/0/places/0/address").asText()).isEqualTo("172.18.0.3:15443");
    assertThat(
            world.get("/debug/whatif?kind=gateway&name=network2").at("/sentences/0/code").asText())
        .isEqualTo("no-traffic");
    assertThat(world.body("/debug/whatif?kind=planet")).contains("kind is 'planet'");

    world.cluster2.stop();
    settle(() -> world.get("/debug/clusterz"), c -> c.at("/1/syncStatus").asText().equals("lost"));
    assertThat(decision(world.explain())).isEqualTo("via-gateway");
    settle(() -> world.mesh.get(MEMBERS + "/cluster2").toString(), s -> s.contains("phase=Lost"));

    world.cluster2.start();
    settle(() -> world.get("/debug/clusterz"), c -> synced(c, 2));
    assertThat(decision(world.explain())).isEqualTo("via-gateway");

    world.mesh.delete("/api/v1/namespaces/istio-system/secrets/istio-remote-secret-cluster2");
    settle(() -> world.get("/debug/clusterz"), c -> synced(c, 1));
    assertThat(world.get("/debug/registryz").toString()).doesNotContain("httpbin");
    assertThat(world.get("/debug/networkz")).isEmpty();
    settle(
        () -> world.mesh.get(MEMBERS + "/cluster2").toString(),
        s -> s.contains("phase=Unregistered"));
  }

  @Test
  void what_the_mesh_looks_like_is_told_to_its_own_pod_and_to_readers_alone() throws Exception {
    for (String page : List.of("/debug", "/debug/syncz", "/debug/explain/request", "/debug/x")) {
      assertThat(world.statusElsewhere(page, "")).as(page).isEqualTo(401);
      assertThat(world.statusElsewhere(page, "Bearer forged")).as(page).isEqualTo(401);
    }
    for (String page : List.of("/ready", "/metrics", "/version")) {
      assertThat(world.statusElsewhere(page, "")).as(page).isEqualTo(200);
    }
    String known =
        world.meshServer.serviceAccountToken(
            "default", "default", List.of(), Duration.ofHours(1), Optional.empty());
    assertThat(world.statusElsewhere("/debug/syncz", "Bearer " + known)).isEqualTo(200);
    assertThat(world.body("/debug/syncz").strip()).isEqualTo("[ ]");
  }

  @Test
  void a_control_plane_that_starts_while_a_cluster_is_away_goes_on_with_what_was_known_of_it()
      throws Exception {
    world.workloads();
    world.mesh.merge(MEMBERS + "/cluster1", Map.of("spec", Map.of("network", "network1")));
    world.mesh.merge(MEMBERS + "/cluster2", Map.of("spec", Map.of("network", "network1")));
    JsonNode before =
        settle(() -> world.explain(), e -> e.toString().contains("same network network1"))
            .at("/ports");

    world.cluster2.stop();
    world.restart();
    settle(() -> world.text("/ready").asText(), text -> text.equals("ready"));
    assertThat(world.get("/debug/clusterz").at("/1/syncStatus").asText()).isEqualTo("last-known");
    JsonNode after = world.explain();
    assertThat(after.at("/ports")).isEqualTo(before);
    assertThat(after.toString()).contains("what is said of cluster2 may be old");
    settle(
        () -> world.mesh.get(MEMBERS + "/cluster2").toString(), s -> s.contains("phase=LastKnown"));

    world.cluster2.start();
    settle(() -> world.get("/debug/clusterz"), c -> synced(c, 2));
    assertThat(world.explain().at("/ports")).isEqualTo(before);
    settle(() -> world.mesh.get(MEMBERS + "/cluster2").toString(), s -> s.contains("phase=Synced"));

    world.mesh.delete("/api/v1/namespaces/istio-system/secrets/istio-remote-secret-cluster2");
    settle(() -> Files.exists(directory.resolve("members/cluster2.json")), there -> !there);
    assertThat(directory.resolve("members/cluster1.json")).exists();
  }

  @Test
  void what_an_earlier_control_plane_said_of_clusters_is_taken_back_until_they_are_read()
      throws Exception {
    String member = MEMBERS + "/cluster2";
    settle(() -> world.mesh.get(member).toString(), s -> s.contains("phase=Synced"));
    assertThat(world.mesh.get(member).toString()).contains("readyReplicas=");
    world.plane.close();
    world.cluster2.stop();
    // This one knows nothing of before, and waits for the cluster that is away.
    try (ControlPlane other =
        ControlPlane.start(
            LoopbackMesh.options(world.kubeconfig, directory.resolve("other")), Clock.system())) {
      settle(
          () -> world.mesh.get(member).toString(),
          s -> s.contains("phase=Syncing") && !s.contains("readyReplicas="));
      world.cluster2.start();
      settle(() -> world.mesh.get(member).toString(), s -> s.contains("phase=Synced"));
      assertThat(other.xdsPorts()).hasSize(2);
    }
  }

  @Test
  void member_clusters_get_what_sidecars_need_and_the_proxy_appears_and_goes() throws Exception {
    settle(() -> world.api1.get(WEBHOOK).isPresent(), found -> found);
    settle(
        () ->
            world.api1.get("/api/v1/namespaces/default/configmaps/istio-ca-root-cert").isPresent(),
        found -> found);
    world.mesh.merge(
        MEMBERS + "/cluster2",
        Map.of(
            "spec", Map.of("network", "network2", "crossClusterProxy", Map.of("enabled", true))));
    String deployment =
        "/apis/apps/v1/namespaces/istio-system/deployments/istio-asm-cross-network-cluster2";
    settle(() -> world.api2.get(deployment).isPresent(), found -> found);
    world.mesh.merge(
        MEMBERS + "/cluster2",
        Map.of("spec", Map.of("crossClusterProxy", Map.of("enabled", false))));
    settle(() -> world.api2.get(deployment).isPresent(), found -> !found);
  }

  @Test
  void the_config_api_refuses_what_the_mesh_cannot_use_while_the_control_plane_is_there()
      throws Exception {
    String services = "/apis/networking.istio.io/v1/namespaces/default/virtualservices";
    settle(() -> refusal(services, "refused"), r -> !r.isEmpty());
    assertThat(refusal(services, "refused"))
        .contains("VirtualService default/refused, spec.http[0].timeout: 'soon' is not a duration");
    assertThat(world.mesh.get(services + "/refused")).isEmpty();

    // Whoever has to mend the mesh must be able to write.
    world.plane.close();
    assertThat(refusal(services, "unchecked")).isEmpty();
  }

  /** What the config API says to a route that cannot be used; empty where it takes it. */
  private String refusal(String services, String name) {
    try {
      Map<String, Object> made =
          world.mesh.create(
              services,
              Map.of(
                  "metadata",
                  Map.of("name", name),
                  "spec",
                  Map.of(
                      "hosts",
                      List.of("httpbin"),
                      "http",
                      List.of(
                          Map.of(
                              "timeout",
                              "soon",
                              "route",
                              List.of(Map.of("destination", Map.of("host", "httpbin"))))))));
      assertThat(made).containsKey("metadata");
      world.mesh.delete(services + "/" + name);
      return "";
    } catch (KubeApi.RefusedException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void settings_change_while_it_runs_and_bad_ones_are_reported() throws Exception {
    String map = "/api/v1/namespaces/istio-system/configmaps/istio";
    Map<?, ?> there = settle(() -> world.mesh.get(map), Optional::isPresent).orElseThrow();
    assertThat(there.toString()).contains("enableAutoMtls: true");
    assertThat(world.get("/debug/diagnostics")).isEmpty();
    world.mesh.merge(
        map,
        Map.of(
            "data",
            Map.of("mesh", "enableAutoMtls: false\noutboundTrafficPolicy: {mode: NOWHERE}\n")));
    JsonNode found =
        settle(() -> world.get("/debug/diagnostics"), d -> d.toString().contains("NOWHERE"));
    assertThat(found.toString()).contains("mesh.outboundTrafficPolicy.mode");
    assertThat(world.text("/metrics").asText())
        .contains("istiod_managed_clusters{cluster_type=\"remote\"} 2");
  }

  @Test
  void new_credentials_take_over_without_a_gap_and_unusable_ones_change_nothing() throws Exception {
    world.workloads();
    world.mesh.merge(MEMBERS + "/cluster2", Map.of("spec", Map.of("network", "network1")));
    world.mesh.merge(MEMBERS + "/cluster1", Map.of("spec", Map.of("network", "network1")));
    settle(() -> world.explain(), e -> decision(e).equals("direct"));
    String secret = "/api/v1/namespaces/istio-system/secrets/istio-remote-secret-cluster2";
    world.mesh.merge(
        secret, Map.of("stringData", Map.of("cluster2", "users: [{user: {exec: {}}}]")));
    settle(() -> world.get("/debug/diagnostics"), d -> d.toString().contains("bad-kubeconfig"));
    assertThat(synced(world.get("/debug/clusterz"), 2)).isTrue();
    assertThat(decision(world.explain())).isEqualTo("direct");

    world.mesh.merge(
        secret,
        Map.of(
            "stringData", Map.of("cluster2", "# new\n" + LoopbackMesh.kubeconfig(world.cluster2))));
    settle(() -> world.get("/debug/diagnostics"), d -> !d.toString().contains("bad-kubeconfig"));
    LoopbackMesh.pod(world.api2, "httpbin-2", "httpbin", "10.244.0.8");
    JsonNode clusters = world.get("/debug/clusterz");
    assertThat(synced(clusters, 2)).isTrue();
    assertThat(decision(world.explain())).isEqualTo("direct");
    settle(
        () -> world.body("/debug/explain?service=kubernetes&from=httpbin-2&cluster=cluster2"),
        e -> e.contains("\"pod\" : \"httpbin-2\""));
  }

  @Test
  void a_taken_port_ends_the_start_and_is_named() throws Exception {
    String port = String.valueOf(world.plane.monitoringPort());
    ControlOptions options =
        LoopbackMesh.options(directory.resolve("mesh.yaml"), directory, "--monitoring-port", port);
    assertThatThrownBy(() -> ControlPlane.start(options, Clock.system()))
        .hasMessageContaining("port " + port);
  }

  @Test
  void a_thread_without_which_nothing_moves_ends_the_process_and_another_one_does_not() {
    world.plane.died(thread("xds-7"), new IllegalStateException("one stream"));
    assertThat(world.plane.failed()).isNotDone();

    world.plane.died(thread("ingest"), new OutOfMemoryError("heap"));
    assertThat(world.plane.failed())
        .isCompletedWithValue("thread ingest died: java.lang.OutOfMemoryError: heap");
  }

  private static Thread thread(String name) {
    return Thread.ofPlatform().name(name).unstarted(() -> {});
  }
}
