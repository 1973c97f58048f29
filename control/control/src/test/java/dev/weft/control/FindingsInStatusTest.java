package dev.weft.control;

import static dev.weft.control.LoopbackMesh.MEMBERS;
import static dev.weft.control.LoopbackMesh.settle;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an object that somebody applies to what `kubectl get` shows of it. */
class FindingsInStatusTest {
  private static final String ROUTES =
      "/apis/networking.istio.io/v1/namespaces/default/virtualservices";
  private static final String RULES =
      "/apis/networking.istio.io/v1/namespaces/default/destinationrules";

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

  private static Map<String, Object> routes(String to) {
    return Map.of(
        "metadata",
        Map.of("name", "httpbin"),
        "spec",
        Map.of(
            "hosts",
            List.of("httpbin"),
            "http",
            List.of(Map.of("route", List.of(Map.of("destination", Map.of("host", to)))))));
  }

  private String cell(String collection, String name) throws Exception {
    return world.cell(collection, name, "Findings");
  }

  private double metric(String name) throws Exception {
    return world
        .body("/metrics")
        .lines()
        .filter(line -> line.startsWith(name) && !line.startsWith("#"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void a_finding_stands_in_the_object_until_it_is_mended() throws Exception {
    world.workloads();
    settle(() -> world.get("/debug/registryz"), r -> r.toString().contains("httpbin"));
    assertThat(world.mesh.create(ROUTES, routes("basket"))).isNotEmpty();
    settle(() -> cell(ROUTES, "httpbin"), cell -> cell.equals("IST0101"));
    JsonNode found = world.object(ROUTES + "/httpbin");
    assertThat(found.at("/status/observedGeneration")).isEqualTo(found.at("/metadata/generation"));
    assertThat(found.at("/status/conditions/0/status").asText()).isEqualTo("False");
    assertThat(found.at("/status/conditions/0/message").asText())
        .contains("basket.default.svc.cluster.local, which no cluster has");
    assertThat(found.at("/status/validationMessages/0/level").asText()).isEqualTo("ERROR");

    assertThat(world.mesh.merge(ROUTES + "/httpbin", routes("httpbin"))).isNotEmpty();
    settle(() -> cell(ROUTES, "httpbin"), String::isEmpty);
    JsonNode mended = world.object(ROUTES + "/httpbin");
    assertThat(mended.at("/status/conditions/0/status").asText()).isEqualTo("True");
    assertThat(mended.at("/status/validationMessages").isMissingNode()).isTrue();
    assertThat(mended.at("/status/observedGeneration").asInt()).isEqualTo(2);

    world.mesh.delete(ROUTES + "/httpbin");
    settle(() -> world.mesh.get(ROUTES + "/httpbin").isPresent(), there -> !there);
    assertThat(world.mesh.create(ROUTES, routes("httpbin"))).isNotEmpty();
    settle(
        () -> world.object(ROUTES + "/httpbin").at("/status/conditions/0/status").asText(),
        status -> status.equals("True"));
  }

  @Test
  void writing_a_status_makes_no_snapshot_and_no_push() throws Exception {
    assertThat(
            world.mesh.create(
                RULES, Map.of("metadata", Map.of("name", "gone"), "spec", Map.of("host", "gone"))))
        .isNotEmpty();
    settle(() -> cell(RULES, "gone"), cell -> cell.equals("IST0174"));
    double version = settle(() -> metric("weft_snapshot_version"), v -> v > 0);
    double events = metric("pilot_k8s_cfg_events");
    double pushes = metric("pilot_xds_pushes");
    for (int i = 0; i < 3; i++) {
      assertThat(
              world.mesh.merge(
                  RULES + "/gone/status", Map.of("status", Map.of("seen", String.valueOf(i)))))
          .isNotEmpty();
    }
    settle(() -> metric("pilot_k8s_cfg_events"), e -> e >= events + 3);
    // The next snapshot is that of the next real change.
    assertThat(
            world.mesh.create("/api/v1/namespaces", Map.of("metadata", Map.of("name", "marker"))))
        .isNotEmpty();
    settle(() -> metric("weft_snapshot_version"), v -> v > version);
    assertThat(metric("weft_snapshot_version")).isEqualTo(version + 1);
    assertThat(metric("pilot_xds_pushes")).isEqualTo(pushes);
  }

  @Test
  void a_member_cluster_has_its_own_conditions_and_this_one() throws Exception {
    settle(
        () -> world.mesh.get(MEMBERS + "/cluster2").toString(),
        s -> s.contains("phase=Synced") && s.contains("type=Ready") && s.contains("in force"));
    world.cluster2.stop();
    settle(() -> cell(MEMBERS, "cluster2"), cell -> cell.equals("cluster-lost"));
    settle(
        () -> world.mesh.get(MEMBERS + "/cluster2").toString(),
        s -> s.contains("phase=Lost") && s.contains("type=Ready") && s.contains("cluster-lost"));
    world.cluster2.start();
    settle(() -> cell(MEMBERS, "cluster2"), String::isEmpty);
  }
}
