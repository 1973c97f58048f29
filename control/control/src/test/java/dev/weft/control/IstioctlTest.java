package dev.weft.control;

import static dev.weft.control.LoopbackMesh.settle;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each of istioctl's commands sends to a control plane, and how it reads the answer. */
class IstioctlTest {
  private static final String SYNCZ = "istio.io/debug/syncz";
  private static final String DUMP = "istio.io/debug/config_dump";

  @TempDir Path directory;
  private final JsonMapper json = new JsonMapper();
  private LoopbackMesh world;
  private PodConnection pod;
  private PodConnection.Answer proxy;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackMesh(directory);
    world.workloads();
    settle(() -> world.explain(), e -> e.path("ports").size() == 1);
    pod = new PodConnection(world, world.plane);
    proxy = pod.ask(XdsType.CLUSTER);
    settle(() -> world.get("/debug/syncz"), s -> s.size() == 1);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    pod.close();
    world.close();
  }

  private static String token(ApiServer server, String namespace) {
    return server.serviceAccountToken(
        namespace, "default", List.of("istio-ca"), Duration.ofHours(1), Optional.empty());
  }

  /** As one runs it with the context of the config API. */
  private IstioctlPeer istioctl(String namespace) throws Exception {
    return new IstioctlPeer(world.plane, token(world.meshServer, namespace));
  }

  @Test
  void proxy_status_lists_proxies_and_the_instance_that_serves_them() throws Exception {
    try (IstioctlPeer istioctl = istioctl("istio-system")) {
      DiscoveryResponse answer = istioctl.ask(SYNCZ);
      JsonNode instance = json.readTree(answer.getControlPlane().getIdentifier());
      assertThat(instance.path("Component").asText()).isEqualTo("istiod");
      assertThat(instance.path("ID").asText()).isNotEmpty();
      assertThat(instance.at("/Info/version").asText()).isEqualTo(ControlPlane.VERSION);
      ClientConfig config = answer.getResources(0).unpack(ClientConfig.class);
      assertThat(config.getNode().getId()).isEqualTo("sleep-1.default");
      assertThat(config.getNode().getMetadata().getFieldsOrThrow("CLUSTER_ID").getStringValue())
          .isEqualTo("cluster1");
      assertThat(config.getNode().getMetadata().getFieldsOrThrow("NAMESPACE").getStringValue())
          .isEqualTo("default");
      assertThat(config.getGenericXdsConfigsList())
          .singleElement()
          .satisfies(
              type -> {
                assertThat(type.getTypeUrl()).isEqualTo(XdsType.CLUSTER.url());
                assertThat(type.getConfigStatus()).isEqualTo(ConfigStatus.STALE);
                assertThat(type.hasLastUpdated()).isTrue();
              });
      assertThat(istioctl.ask(SYNCZ).getResourcesCount()).as("asked again").isEqualTo(1);
    }
  }

  @Test
  void proxy_status_of_one_proxy_is_a_dump_to_compare_with_its_own() throws Exception {
    try (IstioctlPeer istioctl = istioctl("istio-system")) {
      List<Any> sections = istioctl.ask(DUMP, "sleep-1.default").getResourcesList();
      assertThat(unpack(sections, ClustersConfigDump.class).getDynamicActiveClustersList())
          .extracting(c -> c.getCluster().getTypeUrl())
          .isNotEmpty()
          .containsOnly(XdsType.CLUSTER.url());
      assertThat(unpack(sections, ListenersConfigDump.class).getDynamicListenersList())
          .extracting(ListenersConfigDump.DynamicListener::getName)
          .contains("virtualOutbound", "virtualInbound");
      assertThat(unpack(sections, RoutesConfigDump.class).getDynamicRouteConfigsCount())
          .isPositive();
      assertThat(istioctl.ask(DUMP, "nobody.default").getResources(0).getValue().toStringUtf8())
          .contains(
              "Proxy not connected to this Pilot instance. It may be connected to another"
                  + " instance.");
    }
  }

  private static <M extends Message> M unpack(List<Any> sections, Class<M> type) throws Exception {
    return sections.stream()
        .filter(section -> section.is(type))
        .findFirst()
        .orElseThrow()
        .unpack(type);
  }

  @Test
  void internal_debug_shows_each_page_that_it_lists() throws Exception {
    try (IstioctlPeer istioctl = istioctl("istio-system")) {
      JsonNode pages = json.readTree(istioctl.page("list"));
      assertThat(pages.toString())
          .contains(
              "syncz",
              "registryz",
              "configz",
              "adsz",
              "edsz",
              "ndsz",
              "instancesz",
              "push_status",
              "mesh",
              "inject",
              "clusterz",
              "networkz",
              "endpointz",
              "config_dump",
              "connections");
      for (JsonNode name : pages) {
        String page = name.asText();
        String query = page.contains("proxyID=") ? page + "sleep-1.default" : page;
        if (query.contains("NAME") || query.contains("POD") || query.contains("SECONDS")) {
          continue;
        }
        JsonNode said = json.readTree(istioctl.page(query));
        assertThat(said.has("error")).as("%s: %s", query, said).isFalse();
      }
      assertThat(istioctl.page("nonsense")).contains("404 page not found");
      assertThat(istioctl.page("edsz")).contains("You must provide a proxyID in the query string");
    }
  }

  @Test
  void internal_debug_has_istios_names() throws Exception {
    assertThat(
            world.mesh.create(
                "/apis/networking.istio.io/v1/namespaces/default/destinationrules",
                Map.of("metadata", Map.of("name", "httpbin"), "spec", Map.of("host", "httpbin"))))
        .isNotEmpty();
    try (IstioctlPeer istioctl = istioctl("istio-system")) {
      JsonNode sync = json.readTree(istioctl.page("syncz")).path(0);
      assertThat(sync.path("proxy").asText()).isEqualTo("sleep-1.default");
      assertThat(sync.path("proxy_type").asText()).isEqualTo("sidecar");
      assertThat(sync.path("istio_version").asText()).isEqualTo("1.29.0");
      assertThat(sync.path("cluster_id").asText()).isEqualTo("cluster1");
      assertThat(sync.path("cluster_sent").asText()).isNotEmpty();
      assertThat(sync.path("cluster_acked").asText()).isEmpty();
      JsonNode object = json.readTree(istioctl.page("configz")).path(0);
      assertThat(object.path("kind").asText()).isEqualTo("DestinationRule");
      assertThat(object.at("/metadata/name").asText()).isEqualTo("httpbin");
      assertThat(json.readTree(istioctl.page("adsz")).at("/clients/0/connectionId").asText())
          .startsWith("sleep-1.default");
      assertThat(istioctl.page("mesh")).contains("rootNamespace", "istio-system");
      assertThat(istioctl.page("inject")).contains("istio-proxy");
      assertThat(istioctl.page("ndsz?proxyID=sleep-1")).contains("configs");
      assertThat(istioctl.page("edsz?proxyID=sleep-1.default"))
          .contains("outbound|8000||httpbin.default.svc.cluster.local");
      assertThat(istioctl.page("instancesz")).contains("sleep-1.default");
      assertThat(istioctl.page("config_dump?proxyID=sleep-1.default"))
          .contains("type.googleapis.com/envoy.admin.v3.ClustersConfigDump")
          .contains("dynamic_active_clusters")
          .doesNotContain("EndpointsConfigDump");
    }
  }

  @Test
  void version_and_remote_clusters_are_asked_for_over_http() throws Exception {
    JsonNode version = world.get("/version").path("clientVersion");
    assertThat(version.path("version").asText()).isEqualTo(ControlPlane.VERSION);
    assertThat(version.path("golang_version").asText()).startsWith("java");
    JsonNode clusters = world.get("/debug/clusterz");
    assertThat(clusters.findValuesAsText("id")).containsExactlyInAnyOrder("cluster1", "cluster2");
    assertThat(clusters.findValuesAsText("syncStatus")).containsOnly("synced");
    assertThat(clusters.findValuesAsText("secretName"))
        .allMatch(secret -> secret.contains("istio-remote-secret-"));
  }

  @Test
  void who_is_of_another_namespace_sees_the_proxies_of_that_one() throws Exception {
    try (IstioctlPeer istioctl = istioctl("default")) {
      assertThat(istioctl.ask(SYNCZ).getResourcesCount()).isEqualTo(1);
      assertThat(istioctl.page("config_dump?proxyID=sleep-1.default")).contains("configs");
      assertThat(istioctl.refusal("istio.io/debug", "registryz").getCode())
          .isEqualTo(Status.Code.PERMISSION_DENIED);
    }
    try (IstioctlPeer istioctl = istioctl("kube-system")) {
      assertThat(istioctl.ask(SYNCZ).getResourcesCount()).isZero();
      assertThat(istioctl.page("config_dump?proxyID=sleep-1.default"))
          .contains("Proxy not connected");
    }
  }

  @Test
  void nobody_is_answered_whom_the_config_api_does_not_know() throws Exception {
    try (IstioctlPeer istioctl =
        new IstioctlPeer(world.plane, token(world.cluster2, "istio-system"))) {
      assertThat(istioctl.refusal(SYNCZ).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    }
  }

  @Test
  void who_may_look_is_no_proxy_whatever_it_says() throws Exception {
    try (IstioctlPeer istioctl = istioctl("istio-system")) {
      assertThat(istioctl.refusal(XdsType.CLUSTER.url()).getCode())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    try (IstioctlPeer proxy = istioctl("istio-system").asProxyOf("cluster1")) {
      assertThat(proxy.refusal(XdsType.CLUSTER.url()).getCode())
          .isEqualTo(Status.Code.PERMISSION_DENIED);
    }
  }
}
