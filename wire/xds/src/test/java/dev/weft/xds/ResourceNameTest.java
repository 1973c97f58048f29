package dev.weft.xds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceNameTest {
  private static final String HOST = "httpbin.default.svc.cluster.local";

  @Test
  void names_follow_the_grammar_that_people_know() {
    assertThat(new ClusterName.Outbound(8000, "", HOST).format())
        .isEqualTo("outbound|8000||httpbin.default.svc.cluster.local");
    assertThat(new ClusterName.Outbound(8000, "v1", HOST).sni().format())
        .isEqualTo("outbound_.8000_.v1_.httpbin.default.svc.cluster.local");
    assertThat(new ClusterName.Inbound(80).format()).isEqualTo("inbound|80||");
    assertThat(new ListenerName.Bound("0.0.0.0", 8000).format()).isEqualTo("0.0.0.0_8000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "outbound|8000||httpbin.default.svc.cluster.local",
        "outbound|8000|v1|httpbin.default.svc.cluster.local",
        "outbound_.8000_._.httpbin.default.svc.cluster.local",
        "outbound_.8000_.v1_.httpbin.default.svc.cluster.local",
        "inbound|80||",
        "PassthroughCluster",
        "BlackHoleCluster",
        "InboundPassthroughCluster"
      })
  void cluster_names_survive_parsing(String name) {
    assertThat(ClusterName.parse(name)).map(ClusterName::format).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "outbound|x||h", "outbound|0||h", "inbound|80|v1|h", "outbound_.80_.h", "a"})
  void other_cluster_names_are_not_ours(String name) {
    assertThat(ClusterName.parse(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "virtualOutbound",
        "virtualInbound",
        "0.0.0.0_8000",
        "10.96.0.10_53",
        "inbound_10.0.0.1_80"
      })
  void listener_names_survive_parsing(String name) {
    assertThat(ListenerName.parse(name)).map(ListenerName::format).contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8000", "a.b.svc.cluster.local:80", "http.80", "https.443.https.gw.ns"})
  void route_names_survive_parsing(String name) {
    assertThat(RouteName.parse(name)).map(RouteName::format).contains(name);
  }
}
