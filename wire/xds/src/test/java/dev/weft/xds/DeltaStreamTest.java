package dev.weft.xds;

import static dev.weft.xds.Examples.delta;
import static dev.weft.xds.Examples.refused;
import static dev.weft.xds.Examples.resource;
import static dev.weft.xds.Examples.resources;
import static dev.weft.xds.Examples.set;
import static dev.weft.xds.Examples.version;
import static dev.weft.xds.XdsType.CLUSTER;
import static dev.weft.xds.XdsType.ENDPOINT;
import static dev.weft.xds.XdsType.LISTENER;
import static dev.weft.xds.XdsType.NAME_TABLE;
import static dev.weft.xds.XdsType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeltaStreamTest {
  private final ServerStream stream = new ServerStream(StreamForm.INCREMENTAL);

  /** One line for each response: {@code CDS +changed -removed}. */
  private List<String> push(ResourceSet resources) {
    stream.anythingMayHaveChanged();
    List<String> lines = new ArrayList<>();
    for (StreamResponse response : stream.push(resources)) {
      StringBuilder line = new StringBuilder(response.type().shortName());
      response.resources().forEach(r -> line.append(" +").append(r.name()));
      response.removed().forEach(name -> line.append(" -").append(name));
      lines.add(line.toString());
    }
    return lines;
  }

  private String nonce(XdsType type) {
    return stream.subscriptions().of(type).orElseThrow().inFlight().orElseThrow();
  }

  private void ack(XdsType type) {
    String nonce = nonce(type);
    assertThat(stream.on(delta(type).setResponseNonce(nonce).build()))
        .isEqualTo(new RequestOutcome.Acked(type, nonce));
  }

  @Test
  void first_request_without_names_gets_everything() {
    stream.on(delta(CLUSTER).build());
    assertThat(push(set(CLUSTER, "a=1", "b=1"))).containsExactly("CDS +a +b");
  }

  @Test
  void empty_list_is_still_answered() {
    stream.on(delta(LISTENER).build());
    assertThat(push(ResourceSet.EMPTY)).containsExactly("LDS");
    ack(LISTENER);
    assertThat(push(ResourceSet.EMPTY)).isEmpty();
  }

  @Test
  void only_what_changed_is_sent_and_what_is_gone_is_reported() {
    stream.on(delta(CLUSTER).build());
    push(set(CLUSTER, "a=1", "b=1", "c=1"));
    ack(CLUSTER);
    assertThat(push(set(CLUSTER, "a=1", "b=2"))).containsExactly("CDS +b -c");
    ack(CLUSTER);
    assertThat(push(set(CLUSTER, "a=1", "b=2"))).isEmpty();
  }

  @Test
  void names_get_only_themselves_and_a_missing_one_is_said_to_be_missing() {
    stream.on(delta(ENDPOINT, "a", "nope").build());
    assertThat(push(set(ENDPOINT, "a=1", "b=1"))).containsExactly("EDS +a -nope");
    ack(ENDPOINT);
    assertThat(push(set(ENDPOINT, "a=1", "b=1"))).isEmpty();
    assertThat(push(set(ENDPOINT, "a=1", "nope=1"))).containsExactly("EDS +nope");
  }

  @Test
  void resuming_client_is_sent_only_what_differs_from_what_it_holds() {
    stream.on(
        delta(CLUSTER)
            .putInitialResourceVersions("same", version("1"))
            .putInitialResourceVersions("old", version("1"))
            .putInitialResourceVersions("gone", version("1"))
            .build());
    assertThat(push(set(CLUSTER, "same=1", "old=2", "new=1")))
        .containsExactly("CDS +new +old -gone");
  }

  @Test
  void resuming_subscriber_by_name_hears_of_removals() {
    stream.on(
        delta(ROUTE, "80", "8000")
            .putInitialResourceVersions("80", version("1"))
            .putInitialResourceVersions("8000", version("1"))
            .build());
    assertThat(push(set(ROUTE, "80=1"))).containsExactly("RDS -8000");
  }

  @Test
  void resuming_client_that_lacks_nothing_is_answered_with_nothing() {
    stream.on(delta(CLUSTER).putInitialResourceVersions("a", version("1")).build());
    assertThat(push(set(CLUSTER, "a=1"))).containsExactly("CDS");
  }

  @Test
  void name_subscribed_again_is_sent_again() {
    stream.on(delta(ENDPOINT, "a").build());
    push(set(ENDPOINT, "a=1"));
    ack(ENDPOINT);
    stream.on(delta(ENDPOINT, "a").build());
    assertThat(push(set(ENDPOINT, "a=1"))).containsExactly("EDS +a");
  }

  @Test
  void unsubscribed_name_is_not_sent_any_more() {
    stream.on(delta(ENDPOINT, "a", "b").build());
    push(set(ENDPOINT, "a=1", "b=1"));
    ack(ENDPOINT);
    stream.on(delta(ENDPOINT).addResourceNamesUnsubscribe("a").build());
    assertThat(push(set(ENDPOINT, "a=2", "b=2"))).containsExactly("EDS +b");
  }

  @Test
  void slow_client_gets_the_newest_state_once_it_is_ready() {
    stream.on(delta(CLUSTER).build());
    push(set(CLUSTER, "a=1"));
    assertThat(push(set(CLUSTER, "a=2"))).isEmpty();
    assertThat(push(set(CLUSTER, "a=3"))).isEmpty();
    ack(CLUSTER);
    List<StreamResponse> responses = stream.push(set(CLUSTER, "a=3"));
    assertThat(responses)
        .singleElement()
        .extracting(StreamResponse::resources)
        .asString()
        .contains(version("3"));
  }

  @Test
  void refused_resource_is_not_repeated_until_it_changes() {
    stream.on(delta(LISTENER).build());
    push(set(LISTENER, "bad=1"));
    String nonce = nonce(LISTENER);
    assertThat(
            stream.on(
                delta(LISTENER)
                    .setResponseNonce(nonce)
                    .setErrorDetail(refused("listener bad: unknown filter"))
                    .build()))
        .isEqualTo(new RequestOutcome.Nacked(LISTENER, nonce, "listener bad: unknown filter"));
    assertThat(stream.subscriptions().of(LISTENER).orElseThrow().verdict())
        .isEqualTo(new Subscription.Verdict.Nacked(nonce, "listener bad: unknown filter"));
    assertThat(push(set(LISTENER, "bad=1"))).isEmpty();
    assertThat(push(set(LISTENER, "bad=2"))).containsExactly("LDS +bad");
  }

  @Test
  void old_nonce_confirms_nothing_but_its_subscription_counts() {
    stream.on(delta(ENDPOINT, "a").build());
    push(set(ENDPOINT, "a=1"));
    assertThat(stream.on(delta(ENDPOINT).setResponseNonce("other").build()))
        .isEqualTo(new RequestOutcome.Stale(ENDPOINT, "other"));
    assertThat(stream.on(delta(ENDPOINT, "b").setResponseNonce("other").build()))
        .isEqualTo(new RequestOutcome.Subscribed(ENDPOINT));
    assertThat(push(set(ENDPOINT, "a=1", "b=1"))).isEmpty();
    ack(ENDPOINT);
    assertThat(push(set(ENDPOINT, "a=1", "b=1"))).containsExactly("EDS +b");
  }

  @Test
  void changed_cluster_has_its_endpoints_sent_again() {
    stream.on(delta(CLUSTER).build());
    stream.on(delta(ENDPOINT, "a", "b").build());
    ResourceSet.Builder first = ResourceSet.builder();
    first.add(CLUSTER, resources("a=1", "b=1")).add(ENDPOINT, resources("a=e", "b=e"));
    assertThat(push(first.build())).containsExactly("CDS +a +b", "EDS +a +b");
    ack(CLUSTER);
    ack(ENDPOINT);
    ResourceSet.Builder second = ResourceSet.builder();
    second.add(CLUSTER, resources("a=1", "b=2")).add(ENDPOINT, resources("a=e", "b=e"));
    assertThat(push(second.build())).containsExactly("CDS +b", "EDS +b");
  }

  @Test
  void types_are_pushed_in_the_order_in_which_they_name_each_other() {
    for (XdsType type : List.of(NAME_TABLE, ROUTE, LISTENER, ENDPOINT, CLUSTER)) {
      stream.on(delta(type, "*").build());
    }
    ResourceSet.Builder all = ResourceSet.builder();
    for (XdsType type : XdsType.values()) {
      all.add(type, resources("x=1"));
    }
    assertThat(push(all.build())).containsExactly("CDS +x", "EDS +x", "LDS +x", "RDS +x", "NDS +x");
  }

  @Test
  void type_that_is_not_served_leaves_the_stream_alone() {
    assertThat(stream.on(delta(CLUSTER).setTypeUrl("type.googleapis.com/x.Y").build()))
        .isEqualTo(new RequestOutcome.UnknownType("type.googleapis.com/x.Y"));
    assertThat(push(set(CLUSTER, "a=1"))).isEmpty();
  }

  @Test
  void what_may_have_changed_is_looked_at_and_nothing_else() {
    stream.on(delta(ENDPOINT, "a", "b").build());
    push(set(ENDPOINT, "a=1", "b=1"));
    ack(ENDPOINT);
    assertThat(stream.pushDue()).isFalse();
    stream.mayHaveChanged(ENDPOINT, List.of("other"));
    assertThat(stream.pushDue()).as("nobody wants it").isFalse();
    stream.mayHaveChanged(ENDPOINT, List.of("a", "other"));
    assertThat(stream.push(set(ENDPOINT, "a=2", "b=2", "other=2")))
        .singleElement()
        .satisfies(r -> assertThat(r.resources()).containsExactly(resource("a", "2")));
  }

  @Test
  void what_changes_while_an_answer_is_missing_is_sent_with_the_next_response() {
    stream.on(delta(ENDPOINT, "a", "b").build());
    push(set(ENDPOINT, "a=1", "b=1"));
    stream.mayHaveChanged(ENDPOINT, List.of("a"));
    assertThat(stream.pushDue()).isFalse();
    assertThat(stream.push(set(ENDPOINT, "a=2", "b=1"))).isEmpty();
    ack(ENDPOINT);
    assertThat(stream.pushDue()).isTrue();
    assertThat(stream.push(set(ENDPOINT, "a=2", "b=1")))
        .singleElement()
        .satisfies(r -> assertThat(r.resources()).containsExactly(resource("a", "2")));
  }

  @Test
  void subscriptions_say_who_is_concerned_by_a_change() {
    stream.on(delta(CLUSTER).build());
    stream.on(delta(ENDPOINT, "a").build());
    Subscriptions before = stream.subscriptions();
    assertThat(before.wants(CLUSTER, "anything")).isTrue();
    assertThat(before.wants(ENDPOINT, "a")).isTrue();
    assertThat(before.wants(ENDPOINT, "b")).isFalse();
    assertThat(before.wants(ROUTE, "a")).isFalse();
    stream.on(delta(ENDPOINT, "b").addResourceNamesUnsubscribe("a").build());
    assertThat(stream.subscriptions().wants(ENDPOINT, "b")).isTrue();
    assertThat(stream.subscriptions().wants(ENDPOINT, "a")).isFalse();
    assertThat(before.wants(ENDPOINT, "a")).as("a summary stays as it is").isTrue();
  }

  @Test
  void names_are_not_copied_while_they_stay_the_same() {
    stream.on(delta(ENDPOINT, "a", "b").build());
    push(set(ENDPOINT, "a=1"));
    Subscription sent = stream.subscriptions().of(ENDPOINT).orElseThrow();
    ack(ENDPOINT);
    push(set(ENDPOINT, "a=2"));
    Subscription sentAgain = stream.subscriptions().of(ENDPOINT).orElseThrow();
    assertThat(sentAgain.names()).isSameAs(sent.names());
    assertThat(sentAgain.held()).isEqualTo(1);
    assertThat(stream.holding().versions())
        .containsExactly(Map.entry(ENDPOINT, new TreeMap<>(Map.of("a", version("2"), "b", ""))));
  }
}
