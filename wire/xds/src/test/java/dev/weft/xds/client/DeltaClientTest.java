package dev.weft.xds.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeltaClientTest {
  private final DeltaClient client = new DeltaClient();

  private static DeltaResponse response(XdsType type, String nonce, String... names) {
    return new DeltaResponse(
        type.url(),
        nonce,
        java.util.Arrays.stream(names)
            .map(n -> new DeltaResponse.Resource(n, "v-" + n, new byte[0]))
            .toList(),
        List.of());
  }

  private List<DeltaRequest> accept(DeltaResponse response) {
    return client.applied(client.received(response).orElseThrow(), List.of());
  }

  @Test
  void the_first_request_of_a_stream_carries_the_node_and_wildcards_name_nothing() {
    client.subscribeAll(XdsType.CLUSTER);
    client.subscribeAll(XdsType.LISTENER);

    List<DeltaRequest> requests = client.opened();

    assertThat(requests).extracting(DeltaRequest::first).containsExactly(true, false);
    assertThat(requests).allSatisfy(r -> assertThat(r.subscribe()).isEmpty());
  }

  @Test
  void named_types_are_asked_for_when_there_are_names_and_then_by_difference() {
    client.opened();
    assertThat(client.want(XdsType.ENDPOINT, List.of())).isEmpty();
    assertThat(client.want(XdsType.ENDPOINT, List.of("a", "b")).getFirst().subscribe())
        .containsExactly("a", "b");

    DeltaRequest change = client.want(XdsType.ENDPOINT, List.of("b", "c")).getFirst();

    assertThat(change.subscribe()).containsExactly("c");
    assertThat(change.unsubscribe()).containsExactly("a");
    assertThat(client.want(XdsType.ENDPOINT, List.of("b", "c"))).isEmpty();
  }

  @Test
  void a_refusal_names_each_resource_and_keeps_the_others() {
    client.subscribeAll(XdsType.LISTENER);
    client.opened();
    DeltaClient.Batch batch =
        client.received(response(XdsType.LISTENER, "n1", "good", "bad")).orElseThrow();

    DeltaRequest nack =
        client
            .applied(batch, List.of(new DeltaClient.Refused("bad", "filter x is unknown")))
            .getFirst();

    assertThat(nack.nonce()).isEqualTo("n1");
    assertThat(nack.error()).isEqualTo("bad: filter x is unknown");
    assertThat(client.heldVersion(XdsType.LISTENER, "good")).isEqualTo("v-good");
    assertThat(client.heldVersion(XdsType.LISTENER, "bad")).isEmpty();
  }

  @Test
  void a_new_stream_tells_what_is_held() {
    client.subscribeAll(XdsType.CLUSTER);
    client.opened();
    assertThat(accept(response(XdsType.CLUSTER, "n1", "a", "b")).getFirst().error()).isEmpty();
    client.closed();

    DeltaRequest again = client.opened().getFirst();

    assertThat(again.first()).isTrue();
    assertThat(again.initialVersions()).isEqualTo(Map.of("a", "v-a", "b", "v-b"));
    assertThat(again.nonce()).isEmpty();
  }

  @Test
  void what_was_not_asked_for_is_not_taken() {
    client.opened();
    client.want(XdsType.ENDPOINT, List.of("a"));

    DeltaClient.Batch batch =
        client.received(response(XdsType.ENDPOINT, "n1", "a", "z")).orElseThrow();

    assertThat(batch.changed()).extracting(DeltaResponse.Resource::name).containsExactly("a");
    assertThat(client.received(response(XdsType.SECRET, "n2", "s"))).isEmpty();
  }

  @Test
  void requests_and_responses_are_the_published_messages() throws InvalidProtocolBufferException {
    byte[] node = Node.newBuilder().setId("sidecar~1").build().toByteArray();
    DeltaRequest request =
        new DeltaRequest(
            XdsType.ENDPOINT.url(),
            true,
            List.of("a"),
            List.of("b"),
            Map.of("c", "7"),
            "n",
            "broken");

    DeltaDiscoveryRequest read = DeltaDiscoveryRequest.parseFrom(request.encode(node));

    assertThat(read.getNode().getId()).isEqualTo("sidecar~1");
    assertThat(read.getTypeUrl()).isEqualTo(XdsType.ENDPOINT.url());
    assertThat(read.getResourceNamesSubscribeList()).containsExactly("a");
    assertThat(read.getResourceNamesUnsubscribeList()).containsExactly("b");
    assertThat(read.getInitialResourceVersionsMap()).isEqualTo(Map.of("c", "7"));
    assertThat(read.getResponseNonce()).isEqualTo("n");
    assertThat(read.getErrorDetail().getMessage()).isEqualTo("broken");

    DeltaResponse response =
        DeltaResponse.decode(
            DeltaDiscoveryResponse.newBuilder()
                .setTypeUrl("t")
                .setNonce("n")
                .addRemovedResources("gone")
                .addResources(
                    Resource.newBuilder()
                        .setName("a")
                        .setVersion("1")
                        .setResource(
                            com.google.protobuf.Any.newBuilder()
                                .setTypeUrl("t")
                                .setValue(ByteString.copyFromUtf8("bytes"))))
                .build()
                .toByteArray());

    assertThat(response.removed()).containsExactly("gone");
    assertThat(response.resources().getFirst().version()).isEqualTo("1");
    assertThat(response.resources().getFirst().bytes()).isEqualTo("bytes".getBytes(UTF_8));
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;
}
