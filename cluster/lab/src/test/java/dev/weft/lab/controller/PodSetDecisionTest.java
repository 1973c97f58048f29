package dev.weft.lab.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** DaemonSets and StatefulSets. */
final class PodSetDecisionTest {

  private static ObjectNode set(String kind, String image, String more) {
    return Trees.yaml(
        """
        kind: %s
        metadata: {name: db, namespace: shop, uid: s1, generation: 1}
        spec:
          %s
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec: {containers: [{name: db, image: "%s"}]}
        """
            .formatted(kind, more, image));
  }

  private static ObjectNode node(String name) {
    return Trees.yaml("metadata: {name: %s, labels: {disk: ssd}}".formatted(name));
  }

  private static ObjectNode stateful(String image, int replicas) {
    return set("StatefulSet", image, "replicas: " + replicas);
  }

  private static ObjectNode ready(ObjectNode pod, boolean ready) {
    pod.withObject("/status").put("phase", "Running");
    pod.withObject("/status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", ready ? "True" : "False");
    return pod;
  }

  private static ObjectNode member(String image, int number, boolean ready) {
    return ready(new PodTemplate(stateful(image, 1), "StatefulSet").pod("db-" + number), ready);
  }

  private static List<String> changes(List<Action> actions) {
    List<String> changes = new ArrayList<>();
    for (Action each : actions) {
      if (each instanceof Action.Create create) {
        changes.add("+" + Meta.name(create.object()));
      } else if (each instanceof Action.Delete delete) {
        changes.add("-" + delete.key().name());
      }
    }
    return changes;
  }

  @Test
  void numbered_pods_come_one_after_the_other_is_ready() {
    assertThat(changes(StatefulSetDecision.decide(stateful("a", 3), List.of())))
        .containsExactly("+db-0");
    assertThat(
            changes(
                StatefulSetDecision.decide(
                    stateful("a", 3), List.of(member("a", 0, true), member("a", 1, false)))))
        .isEmpty();
    assertThat(changes(StatefulSetDecision.decide(stateful("a", 3), List.of(member("a", 0, true)))))
        .containsExactly("+db-1");
  }

  @Test
  void all_come_at_once_where_the_order_does_not_matter() {
    ObjectNode set = stateful("a", 2);
    set.withObject("/spec").put("podManagementPolicy", "Parallel");

    assertThat(changes(StatefulSetDecision.decide(set, List.of())))
        .containsExactly("+db-0", "+db-1");
  }

  @Test
  void the_highest_number_goes_first_and_is_replaced_first() {
    List<ObjectNode> two = List.of(member("a", 0, true), member("a", 1, true));

    assertThat(changes(StatefulSetDecision.decide(stateful("a", 1), two))).containsExactly("-db-1");
    assertThat(changes(StatefulSetDecision.decide(stateful("b", 2), two))).containsExactly("-db-1");
  }

  @Test
  void a_numbered_pod_knows_its_name_and_its_service() {
    ObjectNode pod =
        StatefulSetDecision.decide(stateful("a", 1), List.of()).stream()
            .filter(Action.Create.class::isInstance)
            .map(a -> ((Action.Create) a).object())
            .findFirst()
            .orElseThrow();

    assertThat(pod.at("/spec/hostname").asText()).isEqualTo("db-0");
    assertThat(pod.at("/spec/subdomain").asText()).isEqualTo("db");
    assertThat(Meta.labels(pod)).containsEntry("statefulset.kubernetes.io/pod-name", "db-0");
  }

  @Test
  void each_node_that_is_accepted_gets_a_pod() {
    ObjectNode everywhere = set("DaemonSet", "a", "minReadySeconds: 0");
    ObjectNode nowhere = everywhere.deepCopy();
    nowhere.withObject("/spec/template/spec").putObject("nodeSelector").put("disk", "tape");

    assertThat(
            changes(DaemonSetDecision.decide(everywhere, List.of(), List.of(node("n")), () -> "x")))
        .containsExactly("+db-x");
    assertThat(changes(DaemonSetDecision.decide(nowhere, List.of(), List.of(node("n")), () -> "x")))
        .isEmpty();
  }

  @Test
  void a_changed_template_replaces_the_pod_of_a_node() {
    ObjectNode old = new PodTemplate(set("DaemonSet", "a", "x: 1"), "DaemonSet").pod("db-1");
    old.withObject("/spec").put("nodeName", "n");
    ObjectNode changed = set("DaemonSet", "b", "x: 1");

    assertThat(
            changes(
                DaemonSetDecision.decide(
                    changed, List.of(ready(old, true)), List.of(node("n")), () -> "x")))
        .containsExactly("-db-1");
  }
}
