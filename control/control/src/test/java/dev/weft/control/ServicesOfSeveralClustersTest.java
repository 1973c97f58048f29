package dev.weft.control;

import static dev.weft.control.LoopbackMesh.MEMBERS;
import static dev.weft.control.LoopbackMesh.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.discovery.KubeApi;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the API servers of two clusters on one network to the endpoints of a proxy. */
class ServicesOfSeveralClustersTest {
  private static final String HERE = "10.244.0.9:80";
  private static final String THERE = "10.244.0.7:80";

  @TempDir Path directory;
  private LoopbackMesh world;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackMesh(directory);
    world.workloads();
    for (String cluster : List.of("cluster1", "cluster2")) {
      world.mesh.merge(MEMBERS + "/" + cluster, Map.of("spec", Map.of("network", "network1")));
    }
  }

  @AfterEach
  void stop() throws Exception {
    world.close();
  }

  @Test
  void a_port_of_another_name_is_reported_and_only_the_matching_cluster_is_called()
      throws Exception {
    serviceInCluster1("web");
    settle(
        () -> world.get("/debug/diagnostics").toString(),
        d -> d.contains("IST0170") && d.contains("cluster1") && d.contains("cluster2"));
    settle(() -> world.explain().toString(), e -> e.contains("port-name-differs"));
    // The oldest Service says what the port is called; of the same second, that of the first name.
    boolean own = created(world.api1).compareTo(created(world.api2)) <= 0;
    assertThat(endpoints()).containsExactly(own ? HERE : THERE);
  }

  private static String created(KubeApi api) throws IOException {
    Object metadata =
        api.get("/api/v1/namespaces/default/services/httpbin").orElseThrow().get("metadata");
    return metadata instanceof Map<?, ?> fields
        ? String.valueOf(fields.get("creationTimestamp"))
        : "";
  }

  @Test
  void a_service_that_is_local_to_its_clusters_has_no_endpoints_of_others() throws Exception {
    serviceInCluster1("http");
    settle(this::endpoints, Set.of(HERE, THERE)::equals);

    Map<String, Object> settings =
        world.mesh.merge(
            "/api/v1/namespaces/istio-system/configmaps/istio",
            Map.of(
                "data",
                Map.of(
                    "mesh",
                    "serviceSettings: [{settings: {clusterLocal: true}, hosts:"
                        + " ['*.default.svc.cluster.local']}]")));
    assertThat(settings).containsKey("data");
    settle(() -> world.explain().toString(), e -> e.contains("cluster-local"));
    assertThat(endpoints()).containsExactly(HERE);
  }

  private void serviceInCluster1(String port) throws IOException {
    LoopbackMesh.pod(world.api1, "httpbin-9", "httpbin", "10.244.0.9");
    Map<String, Object> service =
        world.api1.create(
            "/api/v1/namespaces/default/services",
            Map.of(
                "metadata",
                Map.of("name", "httpbin"),
                "spec",
                Map.of("ports", List.of(Map.of("name", port, "port", 8000, "targetPort", 80)))));
    Map<String, Object> slice =
        world.api1.create(
            "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            Map.of(
                "metadata",
                Map.of(
                    "name", "httpbin-y", "labels", Map.of("kubernetes.io/service-name", "httpbin")),
                "addressType",
                "IPv4",
                "ports",
                List.of(Map.of("name", port, "port", 80, "protocol", "TCP")),
                "endpoints",
                List.of(
                    Map.of(
                        "addresses",
                        List.of("10.244.0.9"),
                        "conditions",
                        Map.of("ready", true),
                        "targetRef",
                        Map.of("kind", "Pod", "name", "httpbin-9", "namespace", "default")))));
    assertThat(service).containsKey("metadata");
    assertThat(slice).containsKey("metadata");
  }

  /** What the proxy of the pod sleep-1 in cluster1 is told. */
  private Set<String> endpoints() throws Exception {
    try (PodConnection pod = new PodConnection(world, world.plane);
        PodConnection.Answer answer =
            pod.ask(XdsType.ENDPOINT, "outbound|8000||httpbin.default.svc.cluster.local")) {
      Set<String> addresses = new TreeSet<>();
      for (Resource resource : answer.response().getResourcesList()) {
        ClusterLoadAssignment.parseFrom(resource.getResource().getValue())
            .getEndpointsList()
            .stream()
            .flatMap(locality -> locality.getLbEndpointsList().stream())
            .map(e -> e.getEndpoint().getAddress().getSocketAddress())
            .forEach(a -> addresses.add(a.getAddress() + ":" + a.getPortValue()));
      }
      return addresses;
    }
  }
}
