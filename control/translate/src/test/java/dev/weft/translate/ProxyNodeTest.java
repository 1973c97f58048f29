package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Value;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyNodeTest {
  private static final String ID = "sidecar~10.1.0.5~sleep-x.default~default.svc.cluster.local";

  private static Node node(String id, Map<String, String> metadata) {
    Node.Builder node = Node.newBuilder().setId(id);
    metadata.forEach(
        (key, value) ->
            node.getMetadataBuilder()
                .putFields(key, Value.newBuilder().setStringValue(value).build()));
    return node.build();
  }

  @Test
  void node_says_who_it_is() {
    ProxyNode node =
        ProxyNode.parse(
            node(
                ID,
                Map.of(
                    "CLUSTER_ID", "c1",
                    "INSTANCE_IPS", "10.1.0.5,fd00::5",
                    "REQUESTED_NETWORK_VIEW", "n1, n2",
                    "DNS_CAPTURE", "true",
                    "ISTIO_VERSION", "1.20.1")));
    assertThat(node.role()).isEqualTo(ProxyRole.SIDECAR);
    assertThat(node.pod()).isEqualTo("sleep-x");
    assertThat(node.namespace()).isEqualTo("default");
    assertThat(node.cluster()).isEqualTo(new ClusterId("c1"));
    assertThat(node.ips()).containsExactly("10.1.0.5", "fd00::5");
    assertThat(node.networkView()).containsExactly(new NetworkId("n1"), new NetworkId("n2"));
    assertThat(node.dnsCapture()).isTrue();
    assertThat(node.version()).isEqualTo("1.20.1");
    assertThat(node.dialect()).isEqualTo(Dialect.ISTIO);
  }

  @ParameterizedTest
  @CsvSource({
    "sidecar, dev.weft.on-demand, true",
    "sidecar, dev.weft.hop, false",
    "router, dev.weft.on-demand, false"
  })
  void a_sidecar_that_knows_how_asks_on_demand(String role, String feature, boolean expected) {
    Node node =
        node(ID.replace("sidecar", role), Map.of("CLUSTER_ID", "c1", "ON_DEMAND", "true"))
            .toBuilder()
            .addClientFeatures(feature)
            .build();
    assertThat(ProxyNode.parse(node).onDemand()).isEqualTo(expected);
  }

  @Test
  void pod_names_may_have_dots() {
    ProxyNode node =
        ProxyNode.parse(node("router~10.0.0.1~gw.v1.2.infra~x", Map.of("CLUSTER_ID", "c1")));
    assertThat(node.pod()).isEqualTo("gw.v1.2");
    assertThat(node.namespace()).isEqualTo("infra");
  }

  @ParameterizedTest
  @CsvSource({
    "me, c1, node.id 'me' is not",
    "ztunnel~1.1.1.1~a.b~c, c1, the role 'ztunnel'",
    "sidecar~1.1.1.1~nopod~c, c1, has 'nopod' where",
    "sidecar~1.1.1.1~a.b~c, two.words, node.metadata.CLUSTER_ID",
    "sidecar~1.1.1.1~a.b~c, '', CLUSTER_ID is missing"
  })
  void refusal_names_the_field(String id, String cluster, String message) {
    assertThat(
            catchThrowableOfType(
                IllegalArgumentException.class,
                () -> ProxyNode.parse(node(id, Map.of("CLUSTER_ID", cluster)))))
        .hasMessageContaining(message);
  }

  @Test
  void namespace_must_be_the_ids() {
    assertThat(
            catchThrowableOfType(
                IllegalArgumentException.class,
                () -> ProxyNode.parse(node(ID, Map.of("CLUSTER_ID", "c1", "NAMESPACE", "other")))))
        .hasMessageContaining("node.metadata.NAMESPACE is 'other'");
  }
}
