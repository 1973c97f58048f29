package dev.weft.xds;

import static dev.weft.xds.Examples.resource;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written is what the generated messages would write. */
class StreamResponseTest {
  private static final List<List<VersionedResource>> SIZES =
      List.of(
          List.of(),
          List.of(resource("empty", "")),
          List.of(resource("", "nameless")),
          List.of(resource("größer", "ü".repeat(63)), resource("z", "z".repeat(64))),
          List.of(resource("a", "1"), resource("big", "x".repeat(100_000)), resource("c", "3")));

  private static StreamResponse response(
      StreamForm form, List<VersionedResource> resources, String... removed) {
    return new StreamResponse(
        form, XdsType.ROUTE, "17", "0123456789abcdef", resources, List.of(removed));
  }

  private static void assertWritten(StreamResponse response, Message message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    response.writeTo(out);
    assertThat(out.toByteArray()).isEqualTo(message.toByteArray());
    assertThat(response.size()).isEqualTo(out.size());
  }

  @Test
  void incremental_response_is_the_published_message() throws IOException {
    for (List<VersionedResource> resources : SIZES) {
      DeltaDiscoveryResponse.Builder message =
          DeltaDiscoveryResponse.newBuilder()
              .setTypeUrl(XdsType.ROUTE.url())
              .setNonce("17")
              .setSystemVersionInfo("0123456789abcdef")
              .addRemovedResources("gone")
              .addRemovedResources("weg über Nacht");
      for (VersionedResource resource : resources) {
        message.addResources(
            Resource.newBuilder()
                .setName(resource.name())
                .setVersion(resource.version())
                .setResource(resource.body()));
      }
      assertWritten(
          response(StreamForm.INCREMENTAL, resources, "gone", "weg über Nacht"), message.build());
    }
  }

  @Test
  void state_of_the_world_is_the_published_message_and_says_no_removals() throws IOException {
    for (List<VersionedResource> resources : SIZES) {
      DiscoveryResponse message =
          DiscoveryResponse.newBuilder()
              .setTypeUrl(XdsType.ROUTE.url())
              .setNonce("17")
              .setVersionInfo("0123456789abcdef")
              .addAllResources(resources.stream().map(VersionedResource::body).toList())
              .build();
      assertWritten(response(StreamForm.STATE_OF_THE_WORLD, resources, "gone"), message);
    }
  }

  @Test
  void body_is_the_message_as_it_was_packed() throws IOException {
    StringValue message = StringValue.of("content");
    Any body = VersionedResource.of("a", message).body();
    assertThat(body).isEqualTo(DeterministicBytes.pack(message));
    assertThat(body.unpack(StringValue.class)).isEqualTo(message);
  }

  @Test
  void equal_messages_have_equal_bytes_whatever_the_order_of_their_entries() {
    Value one = Value.newBuilder().setNumberValue(1).build();
    Struct.Builder upwards = Struct.newBuilder();
    Struct.Builder downwards = Struct.newBuilder();
    for (int i = 0; i < 50; i++) {
      upwards.putFields("field-" + i, one);
      downwards.putFields("field-" + (49 - i), one);
    }
    VersionedResource first = VersionedResource.of("a", upwards.build());
    VersionedResource second = VersionedResource.of("a", downwards.build());
    assertThat(first).isEqualTo(second).hasSameHashCodeAs(second);
    assertThat(first).isNotEqualTo(VersionedResource.of("b", upwards.build()));
  }
}
