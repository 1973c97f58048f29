package dev.weft.xds;

import static dev.weft.xds.Examples.refused;
import static dev.weft.xds.Examples.resources;
import static dev.weft.xds.Examples.set;
import static dev.weft.xds.Examples.sotw;
import static dev.weft.xds.XdsType.CLUSTER;
import static dev.weft.xds.XdsType.ENDPOINT;
import static dev.weft.xds.XdsType.LISTENER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StateOfTheWorldStreamTest {
  private final ServerStream stream = new ServerStream(StreamForm.STATE_OF_THE_WORLD);

  private List<String> push(ResourceSet resources) {
    stream.anythingMayHaveChanged();
    return stream.push(resources).stream()
        .map(
            r ->
                r.type().shortName() + r.resources().stream().map(VersionedResource::name).toList())
        .toList();
  }

  private void ack(XdsType type, String... names) {
    String nonce = stream.subscriptions().of(type).orElseThrow().inFlight().orElseThrow();
    stream.on(sotw(type, names).setResponseNonce(nonce).build());
  }

  @Test
  void one_changed_cluster_brings_the_whole_list() {
    stream.on(sotw(CLUSTER).build());
    assertThat(push(set(CLUSTER, "a=1", "b=1"))).containsExactly("CDS[a, b]");
    ack(CLUSTER);
    assertThat(push(set(CLUSTER, "a=1", "b=1"))).isEmpty();
    assertThat(push(set(CLUSTER, "a=2", "b=1"))).containsExactly("CDS[a, b]");
    ack(CLUSTER);
    assertThat(push(set(CLUSTER, "a=2"))).containsExactly("CDS[a]");
  }

  @Test
  void one_changed_assignment_comes_alone() {
    stream.on(sotw(ENDPOINT, "a", "b").build());
    assertThat(push(set(ENDPOINT, "a=1", "b=1", "c=1"))).containsExactly("EDS[a, b]");
    ack(ENDPOINT, "a", "b");
    assertThat(push(set(ENDPOINT, "a=1", "b=2", "c=2"))).containsExactly("EDS[b]");
  }

  @Test
  void confirmation_that_names_more_is_answered_with_what_is_new() {
    stream.on(sotw(ENDPOINT, "a").build());
    push(set(ENDPOINT, "a=1", "b=1"));
    ack(ENDPOINT, "a", "b");
    assertThat(push(set(ENDPOINT, "a=1", "b=1"))).containsExactly("EDS[b]");
  }

  @Test
  void name_that_was_dropped_and_named_again_is_sent_again() {
    stream.on(sotw(ENDPOINT, "a", "b").build());
    push(set(ENDPOINT, "a=1", "b=1"));
    ack(ENDPOINT, "a");
    stream.on(sotw(ENDPOINT, "a", "b").setResponseNonce("1").build());
    assertThat(push(set(ENDPOINT, "a=1", "b=1"))).containsExactly("EDS[b]");
  }

  @Test
  void reconnect_with_an_old_nonce_is_a_first_request() {
    assertThat(stream.on(sotw(LISTENER).setVersionInfo("v").setResponseNonce("of another").build()))
        .isEqualTo(new RequestOutcome.Subscribed(LISTENER));
    assertThat(push(ResourceSet.EMPTY)).containsExactly("LDS[]");
  }

  @Test
  void answer_to_an_older_response_is_ignored() {
    stream.on(sotw(CLUSTER).build());
    push(set(CLUSTER, "a=1"));
    assertThat(stream.on(sotw(CLUSTER).setResponseNonce("0").build()))
        .isEqualTo(new RequestOutcome.Stale(CLUSTER, "0"));
    assertThat(stream.subscriptions().of(CLUSTER).orElseThrow().inFlight()).contains("1");
  }

  @Test
  void refusal_is_kept_with_the_words_of_the_client() {
    stream.on(sotw(CLUSTER).build());
    push(set(CLUSTER, "a=1"));
    assertThat(stream.on(sotw(CLUSTER).setResponseNonce("1").setErrorDetail(refused("no")).build()))
        .isEqualTo(new RequestOutcome.Nacked(CLUSTER, "1", "no"));
    assertThat(push(set(CLUSTER, "a=1"))).isEmpty();
  }

  @Test
  void changed_cluster_has_its_endpoints_sent_again() {
    stream.on(sotw(CLUSTER).build());
    stream.on(sotw(ENDPOINT, "a").build());
    ResourceSet.Builder first = ResourceSet.builder();
    push(first.add(CLUSTER, resources("a=1")).add(ENDPOINT, resources("a=e")).build());
    ack(CLUSTER);
    ack(ENDPOINT, "a");
    ResourceSet.Builder second = ResourceSet.builder();
    assertThat(push(second.add(CLUSTER, resources("a=2")).add(ENDPOINT, resources("a=e")).build()))
        .containsExactly("CDS[a]", "EDS[a]");
  }
}
