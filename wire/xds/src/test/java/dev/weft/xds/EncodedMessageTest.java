package dev.weft.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedMessageTest {
  private static VirtualHost host(int number) {
    return VirtualHost.newBuilder().setName("host-" + number).addDomains("d".repeat(100)).build();
  }

  private static ByteString field(VirtualHost host) {
    return EncodedMessage.field(RouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER, host);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 1000})
  void parts_put_together_are_the_message(int hosts) throws Exception {
    List<VirtualHost> parts = IntStream.range(0, hosts).mapToObj(i -> host(i)).toList();
    RouteConfiguration head = RouteConfiguration.newBuilder().setName("80").build();

    EncodedMessage encoded =
        EncodedMessage.of(head, parts.stream().map(EncodedMessageTest::field).toList());

    RouteConfiguration whole = head.toBuilder().addAllVirtualHosts(parts).build();
    assertThat(RouteConfiguration.parseFrom(encoded.bytes())).isEqualTo(whole);
    assertThat(encoded.bytes()).isEqualTo(DeterministicBytes.of(whole));
    VersionedResource resource = VersionedResource.of("80", encoded);
    assertThat(resource).isEqualTo(VersionedResource.of("80", whole));
    assertThat(resource.body().unpack(RouteConfiguration.class)).isEqualTo(whole);
  }

  /** A second table with the same hosts takes memory for its own part alone. */
  @Test
  void long_messages_are_not_copied() {
    List<ByteString> shared = IntStream.range(0, 1000).mapToObj(i -> field(host(i))).toList();

    EncodedMessage table =
        EncodedMessage.of(RouteConfiguration.newBuilder().setName("80").build(), shared);

    assertThat(VersionedResource.of("80", table).deltaEntry().asReadOnlyByteBufferList())
        .hasSizeGreaterThan(shared.size());
  }
}
