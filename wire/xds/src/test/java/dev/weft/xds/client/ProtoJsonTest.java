package dev.weft.xds.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProtoJsonTest {
  @Test
  void messages_are_written_with_the_names_of_their_protos() {
    Cluster cluster =
        Cluster.newBuilder()
            .setName("c")
            .setType(Cluster.DiscoveryType.EDS)
            .setConnectTimeout(Duration.newBuilder().setSeconds(1).setNanos(500_000_000))
            .setCircuitBreakers(
                CircuitBreakers.newBuilder()
                    .addThresholds(
                        CircuitBreakers.Thresholds.newBuilder()
                            .setMaxConnections(UInt32Value.of(-1))))
            .setMetadata(
                Metadata.newBuilder()
                    .putFilterMetadata(
                        "istio",
                        Struct.newBuilder()
                            .putFields("host", Value.newBuilder().setStringValue("h").build())
                            .build()))
            .putTypedExtensionProtocolOptions(
                "x",
                Any.newBuilder()
                    .setTypeUrl("t/" + HttpProtocolOptions.getDescriptor().getFullName())
                    .build())
            .build();

    Object json = new ProtoJson().write("envoy.config.cluster.v3.Cluster", cluster.toByteArray());

    assertThat(json)
        .isEqualTo(
            Map.of(
                "name",
                "c",
                "type",
                "EDS",
                "connect_timeout",
                "1.5s",
                "circuit_breakers",
                Map.of("thresholds", List.of(Map.of("max_connections", 4294967295L))),
                "metadata",
                Map.of("filter_metadata", Map.of("istio", Map.of("host", "h"))),
                "typed_extension_protocol_options",
                Map.of(
                    "x",
                    Map.of("@type", "t/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"))));
  }
}
