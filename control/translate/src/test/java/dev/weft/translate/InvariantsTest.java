package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.xds.ClusterName;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold for any mesh, on the meshes of the golden files. */
class InvariantsTest {
  private static final Path ROOT = Path.of("src/test/golden");
  private static final String TWO_NETWORKS = "cross-network/two-networks";

  private static MeshFile mesh(String golden) {
    return MeshFile.read(ROOT.resolve(golden).resolve("input.yaml"));
  }

  private static ResourceSet resources(MeshFile mesh, String proxy) {
    return mesh.proxies().entrySet().stream()
        .filter(e -> e.getKey().equals(proxy))
        .map(e -> new Translation().resources(mesh.snapshot(), e.getValue()))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TWO_NETWORKS,
        "routing/virtual-service",
        "gateway/ingress",
        "inbound/modes",
        "clusters/destination-rule"
      })
  void equal_meshes_give_equal_bytes(String golden) {
    for (String proxy : mesh(golden).proxies().keySet()) {
      assertThat(resources(mesh(golden), proxy)).isEqualTo(resources(mesh(golden), proxy));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TWO_NETWORKS,
        "routing/virtual-service",
        "gateway/ingress",
        "inbound/modes",
        "clusters/destination-rule"
      })
  void every_cluster_by_endpoints_has_an_assignment(String golden) throws Exception {
    MeshFile mesh = mesh(golden);
    for (String proxy : mesh.proxies().keySet()) {
      ResourceSet resources = resources(mesh, proxy);
      Set<String> byEndpoints = new TreeSet<>();
      for (VersionedResource resource : resources.of(XdsType.CLUSTER).values()) {
        Cluster cluster = resource.body().unpack(Cluster.class);
        if (cluster.getType() == Cluster.DiscoveryType.EDS) {
          byEndpoints.add(cluster.getEdsClusterConfig().getServiceName());
        }
      }
      assertThat(resources.of(XdsType.ENDPOINT).keySet()).isEqualTo(byEndpoints);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {TWO_NETWORKS, "gateway/ingress", "inbound/modes", "clusters/destination-rule"})
  void every_cluster_of_a_route_exists(String golden) throws Exception {
    MeshFile mesh = mesh(golden);
    for (String proxy : mesh.proxies().keySet()) {
      ResourceSet resources = resources(mesh, proxy);
      for (VersionedResource table : resources.of(XdsType.ROUTE).values()) {
        for (VirtualHost host :
            table.body().unpack(RouteConfiguration.class).getVirtualHostsList()) {
          for (Route route : host.getRoutesList()) {
            assertThat(resources.of(XdsType.CLUSTER))
                .as(proxy + " " + host.getName())
                .containsKey(route.getRoute().getCluster());
          }
        }
      }
    }
  }

  @Test
  void whatever_a_client_asks_for_by_name_the_gateway_lets_in() throws Exception {
    MeshFile mesh = mesh(TWO_NETWORKS);
    Set<String> admitted = new TreeSet<>();
    for (VersionedResource resource :
        resources(mesh, "cross-network").of(XdsType.LISTENER).values()) {
      resource
          .body()
          .unpack(Listener.class)
          .getFilterChainsList()
          .forEach(chain -> admitted.addAll(chain.getFilterChainMatch().getServerNamesList()));
    }
    Set<String> asked = new TreeSet<>();
    for (String cluster : resources(mesh, "sleep").of(XdsType.CLUSTER).keySet()) {
      ClusterName name = ClusterName.parse(cluster).orElseThrow();
      if (name instanceof ClusterName.Outbound out && !out.host().contains("kube-system")) {
        asked.add(out.sni().format());
      }
    }
    assertThat(asked).isNotEmpty();
    assertThat(admitted).containsAll(asked);
  }

  @Test
  void cross_network_gateway_is_never_told_of_another_networks_gateway() {
    String endpoints =
        resources(mesh(TWO_NETWORKS), "cross-network").of(XdsType.ENDPOINT).toString();
    assertThat(endpoints).contains("172.16.0.9").doesNotContain("47.1.1.1");
  }

  @Test
  void sidecar_is_never_told_of_a_pod_of_another_network() throws InvalidProtocolBufferException {
    ResourceSet sleep = resources(mesh(TWO_NETWORKS), "sleep");
    VersionedResource httpbin =
        sleep.of(XdsType.ENDPOINT).entrySet().stream()
            .filter(e -> e.getKey().startsWith("outbound|8000|"))
            .map(e -> e.getValue())
            .findFirst()
            .orElseThrow();
    assertThat(httpbin.body().toString()).contains("47.1.1.1").doesNotContain("172.16.0.9");
    assertThat(sleep.of(XdsType.NAME_TABLE).toString()).doesNotContain("192.168.34.12");
  }

  @Test
  void filters_of_istios_build_are_left_out_for_stock_clients() {
    String stock = resources(mesh(TWO_NETWORKS), "stock-envoy").toString();
    assertThat(stock).doesNotContain("TypedStruct").doesNotContain("istio.stats");
    assertThat(resources(mesh(TWO_NETWORKS), "sleep").toString()).contains("istio.stats");
  }

  @Test
  void second_proxy_alike_costs_no_translation() {
    MeshFile mesh = mesh(TWO_NETWORKS);
    Translation translation = new Translation();
    List<ProxyNode> proxies = List.copyOf(mesh.proxies().values());
    ResourceSet first = translation.resources(mesh.snapshot(), proxies.getFirst());
    long once = translation.translations();
    assertThat(translation.resources(mesh.snapshot(), proxies.getFirst())).isEqualTo(first);
    assertThat(translation.translations()).isEqualTo(once);
  }
}
