package dev.weft.xds;

import static dev.weft.xds.Examples.delta;
import static dev.weft.xds.Examples.refused;
import static dev.weft.xds.Examples.resources;
import static dev.weft.xds.Examples.set;
import static dev.weft.xds.Examples.sotw;
import static dev.weft.xds.XdsType.CLUSTER;
import static dev.weft.xds.XdsType.ENDPOINT;
import static dev.weft.xds.XdsType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client refuses is remembered until it is mended, whatever it takes meanwhile. */
class RefusedResourcesTest {
  private final ServerStream stream = new ServerStream(StreamForm.INCREMENTAL);

  private void push(ResourceSet resources) {
    stream.anythingMayHaveChanged();
    assertThat(stream.push(resources)).isNotEmpty();
  }

  private String nonce(XdsType type) {
    return stream.subscriptions().of(type).orElseThrow().inFlight().orElseThrow();
  }

  private void ack(XdsType type) {
    stream.on(delta(type).setResponseNonce(nonce(type)).build());
  }

  private void nack(XdsType type, String message) {
    stream.on(delta(type).setResponseNonce(nonce(type)).setErrorDetail(refused(message)).build());
  }

  /** {@code name: message} of each. */
  private List<String> refusals(XdsType type) {
    return stream.subscriptions().of(type).orElseThrow().refused().stream()
        .map(r -> r.resource().name() + ": " + r.message())
        .toList();
  }

  @Test
  void confirmation_of_something_else_mends_nothing() {
    stream.on(delta(ROUTE, "80", "90").build());
    push(set(ROUTE, "80=bad", "90=1"));
    nack(ROUTE, "80: virtual_hosts[0].name: it is empty");
    push(set(ROUTE, "80=bad", "90=2"));
    ack(ROUTE);
    assertThat(refusals(ROUTE)).containsExactly("80: virtual_hosts[0].name: it is empty");
  }

  @Test
  void refusal_ends_when_the_resource_is_taken() {
    stream.on(delta(ROUTE, "80", "90").build());
    push(set(ROUTE, "80=bad", "90=bad"));
    nack(ROUTE, "80: one\n90: other");
    assertThat(refusals(ROUTE)).containsExactly("80: one", "90: other");
    push(set(ROUTE, "80=good", "90=bad"));
    assertThat(refusals(ROUTE)).as("nothing is known before the answer").hasSize(2);
    ack(ROUTE);
    assertThat(refusals(ROUTE)).containsExactly("90: other");
  }

  @Test
  void refusal_is_replaced_by_the_next_one_of_the_same_resource() {
    stream.on(delta(ROUTE, "80", "90").build());
    push(set(ROUTE, "80=bad", "90=bad"));
    nack(ROUTE, "80: one\n90: other");
    push(set(ROUTE, "80=worse", "90=good"));
    nack(ROUTE, "80: two");
    assertThat(refusals(ROUTE)).containsExactly("80: two");
  }

  @Test
  void refusal_ends_with_the_resource() {
    stream.on(delta(CLUSTER).build());
    push(set(CLUSTER, "a=bad", "b=1"));
    nack(CLUSTER, "a: no");
    push(set(CLUSTER, "b=1"));
    ack(CLUSTER);
    assertThat(refusals(CLUSTER)).isEmpty();
  }

  @Test
  void refusal_ends_when_the_client_does_not_want_the_resource_any_more() {
    stream.on(delta(ENDPOINT, "a", "b").build());
    push(set(ENDPOINT, "a=bad", "b=1"));
    nack(ENDPOINT, "a: no");
    stream.on(delta(ENDPOINT).addResourceNamesUnsubscribe("a").build());
    assertThat(refusals(ENDPOINT)).isEmpty();
  }

  @Test
  void other_proxies_mention_names_somewhere_and_one_is_not_a_part_of_another() {
    stream.on(delta(CLUSTER).build());
    push(set(CLUSTER, "outbound|80||a=1", "outbound|80||a.b=1", "outbound|80||c=1"));
    nack(CLUSTER, "Error adding/updating cluster(s) outbound|80||c: bad");
    assertThat(refusals(CLUSTER))
        .containsExactly("outbound|80||c: Error adding/updating cluster(s) outbound|80||c: bad");
  }

  @Test
  void where_none_is_mentioned_any_may_be_meant() {
    stream.on(delta(ROUTE, "80", "90").build());
    push(set(ROUTE, "80=1", "90=1"));
    nack(ROUTE, "route: unknown cluster");
    assertThat(refusals(ROUTE))
        .containsExactly("80: route: unknown cluster", "90: route: unknown cluster");
  }

  @Test
  void confirmed_state_of_the_world_is_all_of_it() {
    ServerStream world = new ServerStream(StreamForm.STATE_OF_THE_WORLD);
    world.on(sotw(CLUSTER).build());
    world.push(set(CLUSTER, "a=bad", "b=1"));
    world.on(sotw(CLUSTER).setResponseNonce("1").setErrorDetail(refused("a: no")).build());
    Subscription after = world.subscriptions().of(CLUSTER).orElseThrow();
    assertThat(after.refused()).extracting(r -> r.resource().name()).containsExactly("a");
    world.anythingMayHaveChanged();
    world.push(set(CLUSTER, "a=bad", "b=2"));
    world.on(sotw(CLUSTER).setResponseNonce("2").build());
    assertThat(world.subscriptions().of(CLUSTER).orElseThrow().refused()).isEmpty();
  }

  @Test
  void names_that_hold_one_another_are_told_apart_at_the_colon() {
    stream.on(delta(ROUTE, "80", "80: x").build());
    ResourceSet.Builder both = ResourceSet.builder();
    push(both.add(ROUTE, resources("80=1", "80: x=1")).build());
    nack(ROUTE, "80: x: no");
    assertThat(refusals(ROUTE)).containsExactly("80: x: no");
    assertThat(stream.subscriptions().of(ROUTE).orElseThrow().refused())
        .extracting(r -> r.resource().name())
        .containsExactly("80: x");
  }
}
