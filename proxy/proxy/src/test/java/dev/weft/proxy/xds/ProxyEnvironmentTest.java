package dev.weft.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyEnvironmentTest {
  @TempDir Path directory;

  private Map<String, String> injected() {
    Map<String, String> env = new HashMap<>();
    env.put("POD_NAME", "sleep-1");
    env.put("POD_NAMESPACE", "default");
    env.put("INSTANCE_IP", "10.244.0.4");
    env.put("SERVICE_ACCOUNT", "sleep");
    env.put("ISTIO_META_CLUSTER_ID", "ack-1");
    env.put("ISTIO_META_DNS_CAPTURE", "true");
    env.put("ISTIO_METAJSON_EXTRA", "{\"a\":[1,true]}");
    env.put("PROXY_CONFIG", "{\"discoveryAddress\":\"172.18.0.200:15012\"}");
    env.put("WEFT_PODINFO_DIR", directory.toString());
    return env;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}|0
          {"concurrency":3}|3
          {"concurrency":0}|0
          {"concurrency":-1}|0
          {"concurrency":"3"}|0
          """)
  void proxy_config_says_how_many_loops_there_are(String config, int loops) {
    Map<String, String> env = injected();
    env.put("PROXY_CONFIG", config);
    assertThat(ProxyEnvironment.read("sidecar", "", env).concurrency()).isEqualTo(loops);
  }

  @Test
  void the_node_tells_what_the_control_plane_needs()
      throws IOException, InvalidProtocolBufferException {
    Files.writeString(
        directory.resolve("labels"),
        "app=\"sleep\"\nservice.istio.io/canonical-name=\"sleep\"\n"
            + "istio-locality=\"cn-hangzhou.cn-hangzhou-h\"\nodd=\"a\\\"b\"\n");

    ProxyEnvironment environment = ProxyEnvironment.read("sidecar", "", injected());
    Node node = Node.parseFrom(NodeMessage.of(environment));

    assertThat(node.getId())
        .isEqualTo("sidecar~10.244.0.4~sleep-1.default~default.svc.cluster.local");
    assertThat(node.getCluster()).isEqualTo("sleep.default");
    assertThat(node.getLocality().getZone()).isEqualTo("cn-hangzhou-h");
    var meta = node.getMetadata();
    assertThat(meta.getFieldsOrThrow("CLUSTER_ID").getStringValue()).isEqualTo("ack-1");
    assertThat(meta.getFieldsOrThrow("DNS_CAPTURE").getStringValue()).isEqualTo("true");
    assertThat(
            meta.getFieldsOrThrow("LABELS")
                .getStructValue()
                .getFieldsOrThrow("odd")
                .getStringValue())
        .isEqualTo("a\"b");
    assertThat(meta.getFieldsOrThrow("EXTRA").getStructValue().getFieldsMap()).containsKey("a");
    assertThat(environment.dnsCapture()).isTrue();
    assertThat(environment.serverName()).isEqualTo("istiod.istio-system.svc");
    assertThat(environment.caAddress()).isEqualTo("172.18.0.200:15012");
  }

  @Test
  void what_is_missing_or_malformed_is_named() {
    Map<String, String> without = injected();
    without.remove("POD_NAME");
    assertThatThrownBy(() -> ProxyEnvironment.read("sidecar", "", without))
        .hasMessageContaining("POD_NAME");
    Map<String, String> broken = injected();
    broken.put("PROXY_CONFIG", "{\"discoveryAddress\":");
    assertThatThrownBy(() -> ProxyEnvironment.read("sidecar", "", broken))
        .hasMessageStartingWith("environment variable PROXY_CONFIG: JSON: unexpected end");
    Map<String, String> hasty = injected();
    hasty.put("SECRET_TTL", "1s");
    assertThatThrownBy(() -> ProxyEnvironment.read("sidecar", "", hasty))
        .hasMessageContaining("SECRET_TTL");
  }

  @ParameterizedTest
  @CsvSource({"5s, 5000", "1m30s, 90000", "100ms, 100", "1.5h, 5400000"})
  void durations_are_read_as_go_writes_them(String text, long millis) {
    assertThat(ProxyEnvironment.duration(text)).isEqualTo(Duration.ofMillis(millis));
  }
}
