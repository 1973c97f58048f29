package dev.weft.lab.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EndpointSliceDecisionTest {
  private static final String OLD = "2026-03-01T09:00:00Z";
  private static final Map<String, String> ZONES = Map.of("node1", "zone1");

  private static ObjectNode service(String spec) {
    return Trees.yaml(
        "metadata: {name: web, namespace: shop, uid: v1, labels: {team: a}}\nspec: " + spec);
  }

  private static final String NAMED =
      "{clusterIP: 10.96.0.7, selector: {app: web}, ports: [{name: h, port: 80, targetPort: http}]}";

  private static List<ObjectNode> created(ObjectNode service, ObjectNode... pods) {
    return EndpointSliceDecision.decide(service, List.of(pods), List.of(), ZONES).stream()
        .map(a -> ((Action.Create) a).object())
        .toList();
  }

  @Test
  void endpoints_carry_resolved_port_node_zone_and_pod() {
    ObjectNode slice = created(service(NAMED), Fixtures.pod("one", "", true, OLD)).getFirst();

    assertThat(Meta.labels(slice))
        .containsEntry("kubernetes.io/service-name", "web")
        .containsEntry("team", "a");
    assertThat(slice.at("/ports/0/port").asInt()).isEqualTo(8080);
    assertThat(slice.at("/endpoints/0/addresses/0").asText()).isEqualTo("10.244.0.5");
    assertThat(slice.at("/endpoints/0/zone").asText()).isEqualTo("zone1");
    assertThat(slice.at("/endpoints/0/targetRef/name").asText()).isEqualTo("one");
    assertThat(slice.at("/endpoints/0/conditions/ready").asBoolean()).isTrue();
  }

  /** Readiness of a pod, and what its endpoint says. */
  record Case(boolean ready, boolean deleting, boolean publish, String conditions) {}

  @Test
  void conditions_tell_ready_serving_and_terminating_apart() {
    for (Case each :
        List.of(
            new Case(true, false, false, "true true false"),
            new Case(false, false, false, "false false false"),
            new Case(true, true, false, "false true true"),
            new Case(false, true, false, "false false true"),
            new Case(false, false, true, "true false false"))) {
      ObjectNode pod = Fixtures.pod("one", "", each.ready(), OLD);
      if (each.deleting()) {
        pod.withObjectProperty("metadata").put("deletionTimestamp", OLD);
      }
      ObjectNode service = service(NAMED);
      service.withObjectProperty("spec").put("publishNotReadyAddresses", each.publish());
      var conditions = created(service, pod).getFirst().at("/endpoints/0/conditions");

      assertThat(
              "%s %s %s"
                  .formatted(
                      conditions.path("ready"),
                      conditions.path("serving"),
                      conditions.path("terminating")))
          .as("%s", each)
          .isEqualTo(each.conditions());
    }
  }

  @Test
  void pods_whose_named_port_differs_get_a_slice_of_their_own() {
    ObjectNode other = Fixtures.pod("two", "", true, OLD);
    ((ObjectNode) other.at("/spec/containers/0/ports/0")).put("containerPort", 9090);

    assertThat(created(service(NAMED), Fixtures.pod("one", "", true, OLD), other))
        .extracting(s -> s.at("/ports/0/port").asInt())
        .containsExactly(8080, 9090);
  }

  @Test
  void a_slice_that_is_right_is_left_alone_and_one_too_many_goes() {
    ObjectNode pod = Fixtures.pod("one", "", true, OLD);
    ObjectNode right = created(service(NAMED), pod).getFirst();
    ObjectNode stale = right.deepCopy();
    stale.withObjectProperty("metadata").put("name", "web-stale");

    assertThat(
            EndpointSliceDecision.decide(
                service(NAMED), List.of(pod), List.of(right, stale), ZONES))
        .singleElement()
        .isInstanceOfSatisfying(
            Action.Delete.class, d -> assertThat(d.key().name()).isEqualTo("web-stale"));
  }

  @Test
  void services_without_a_selector_are_left_to_whoever_writes_their_slices() {
    assertThat(created(service("{clusterIP: 10.96.0.7, ports: [{port: 80}]}"))).isEmpty();
  }

  @Test
  void pods_without_an_address_or_at_their_end_are_no_endpoints() {
    ObjectNode unborn = Fixtures.pod("one", "", false, OLD);
    unborn.withObjectProperty("status").remove("podIP");
    ObjectNode done = Fixtures.pod("two", "", false, OLD);
    done.withObjectProperty("status").put("phase", "Succeeded");

    assertThat(created(service(NAMED), unborn, done).getFirst().path("endpoints")).isEmpty();
  }
}
