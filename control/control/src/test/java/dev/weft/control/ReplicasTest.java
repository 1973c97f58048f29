package dev.weft.control;

import static dev.weft.control.LoopbackMesh.MEMBERS;
import static dev.weft.control.LoopbackMesh.settle;
import static dev.weft.control.LoopbackMesh.synced;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.ca.CaEntries;
import dev.weft.ca.CaSettings;
import dev.weft.ca.CertificateAuthority;
import dev.weft.ca.SigningIdentity;
import dev.weft.loop.Clock;
import dev.weft.types.TrustDomain;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two control planes over the same config API and the same clusters. */
class ReplicasTest {
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/weft-control-leader";

  @TempDir Path directory;
  private LoopbackMesh world;
  private final List<ControlPlane> others = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackMesh(directory);
    world.workloads();
    world.mesh.merge(MEMBERS + "/cluster1", Map.of("spec", Map.of("network", "network1")));
    world.mesh.merge(
        MEMBERS + "/cluster2",
        Map.of(
            "spec",
            Map.of(
                "network",
                "network2",
                "crossClusterProxy",
                Map.of("enabled", true, "address", "172.18.0.3:15443"))));
    settle(() -> world.explain(), e -> LoopbackMesh.decision(e).equals("via-gateway"));
  }

  private ControlPlane second(String... more) throws Exception {
    ControlPlane second =
        ControlPlane.start(
            LoopbackMesh.options(world.kubeconfig, directory.resolve("second"), more),
            Clock.system());
    others.add(second);
    return second;
  }

  @AfterEach
  void stop() throws Exception {
    others.forEach(ControlPlane::close);
    world.close();
  }

  private static List<Resource> resources(PodConnection pod, XdsType type, String... names)
      throws InterruptedException {
    try (PodConnection.Answer answer = pod.ask(type, names)) {
      return answer.response().getResourcesList().stream()
          .sorted(Comparator.comparing(Resource::getName))
          .toList();
    }
  }

  @Test
  void both_serve_the_same_to_the_last_byte_and_say_so() throws Exception {
    ControlPlane other = second();
    settle(() -> world.get(other, "/debug/clusterz"), c -> synced(c, 2));
    List<JsonNode> digests =
        settle(
            () -> List.of(world.get("/debug/digest"), world.get(other, "/debug/digest")),
            d -> d.getFirst().equals(d.getLast()));
    assertThat(digests.getFirst().at("/digest").asText()).hasSize(16);

    try (PodConnection one = new PodConnection(world, world.plane);
        PodConnection two = new PodConnection(world, other)) {
      String cluster = "outbound|8000||httpbin.default.svc.cluster.local";
      assertThat(resources(one, XdsType.ENDPOINT, cluster))
          .hasSize(1)
          .isEqualTo(resources(two, XdsType.ENDPOINT, cluster));
      // What the leader provisions is news to one a moment before it is to the other.
      for (XdsType type : List.of(XdsType.CLUSTER, XdsType.LISTENER)) {
        List<List<Resource>> both =
            settle(
                () -> List.of(resources(one, type, "*"), resources(two, type, "*")),
                answers -> answers.getFirst().equals(answers.getLast()));
        assertThat(both.getFirst()).as("%s", type).isNotEmpty();
      }
    }
  }

  @Test
  void only_the_leader_writes_and_the_other_goes_on_when_it_ends() throws Exception {
    ControlPlane other = second();
    settle(() -> other.xdsPorts(), ports -> ports.size() == 2);
    String holder = world.mesh.get(LEASE).toString();

    world.plane.close();
    settle(() -> world.mesh.get(LEASE).toString(), l -> !l.equals(holder));
    world.mesh.delete(MEMBERS + "/cluster2");
    settle(() -> world.mesh.get(MEMBERS + "/cluster2").toString(), s -> s.contains("phase=Synced"));
    world.api2.delete(PodConnection.ROOTS);
    settle(() -> world.api2.get(PodConnection.ROOTS).isPresent(), there -> there);
  }

  @Test
  void the_proxies_of_all_replicas_count() throws Exception {
    ControlPlane other = second();
    try (PodConnection one = new PodConnection(world, world.plane);
        PodConnection two = new PodConnection(world, other);
        PodConnection.Answer first = one.ask(XdsType.CLUSTER, "*");
        PodConnection.Answer second = two.ask(XdsType.CLUSTER, "*")) {
      assertThat(List.of(first, second)).allMatch(a -> a.response().getResourcesCount() > 0);
      settle(() -> world.mesh.get(MEMBERS + "/cluster1").toString(), s -> s.contains("proxies=2"));
    }
    other.close();
    settle(() -> world.mesh.get(MEMBERS + "/cluster1").toString(), s -> s.contains("proxies=0"));
    assertThat(world.mesh.get(LEASE.replace("/weft-control-leader", "")).toString())
        .containsOnlyOnce("annotations={mesh.weft.dev/proxies=");
  }

  @Test
  void a_replica_beside_its_configuration_counts_that_cluster_as_a_member() throws Exception {
    ControlPlane other = second("--cluster-id", "Mesh");
    JsonNode clusters = settle(() -> world.get(other, "/debug/clusterz"), c -> synced(c, 3));
    assertThat(clusters.at("/2/id").asText()).isEqualTo("mesh");
    assertThat(clusters.at("/2/secretName").asText()).isEmpty();
  }

  @Test
  void a_ca_plugged_in_while_it_runs_reaches_every_cluster_and_bad_ones_change_nothing()
      throws Exception {
    String own = PodConnection.roots(world);
    SigningIdentity plugged =
        CertificateAuthority.selfSigned(
            CaSettings.of(new TrustDomain("cluster.local")), Instant.now(), new SecureRandom());
    Map<String, String> entries = plugged.entries().pem();
    Map<String, Object> made =
        world.mesh.create(
            "/api/v1/namespaces/istio-system/secrets",
            Map.of("metadata", Map.of("name", "cacerts"), "stringData", entries));
    assertThat(made).isNotEmpty();
    settle(() -> PodConnection.roots(world), r -> r.equals(entries.get(CaEntries.ROOT)));
    // The control plane's own certificate leads to the new root by now.
    try (PodConnection pod = new PodConnection(world, world.plane)) {
      assertThat(resources(pod, XdsType.CLUSTER, "*")).isNotEmpty();
    }

    String secret = "/api/v1/namespaces/istio-system/secrets/cacerts";
    world.mesh.merge(secret, Map.of("stringData", Map.of(CaEntries.CERT, "no certificate")));
    settle(() -> world.get("/debug/diagnostics"), d -> d.toString().contains("bad-ca"));
    assertThat(PodConnection.roots(world)).isEqualTo(entries.get(CaEntries.ROOT));

    world.mesh.delete(secret);
    settle(() -> PodConnection.roots(world), r -> r.equals(own));
    settle(() -> world.get("/debug/diagnostics"), d -> !d.toString().contains("bad-ca"));
  }
}
