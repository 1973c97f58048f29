package dev.weft.lab.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReplicaSetDecisionTest {
  private static final String OLD = "2026-03-01T09:00:00Z";
  private static final String NEW = "2026-03-01T09:50:00Z";

  private static ObjectNode set(int replicas) {
    return Trees.yaml(
        """
        metadata: {name: web, namespace: shop, uid: s1, generation: 2}
        spec:
          replicas: %d
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}, annotations: {a: b}}
            spec: {containers: [{name: web, image: web:2}]}
        """
            .formatted(replicas));
  }

  private static List<Action> decide(int replicas, ObjectNode... pods) {
    return ReplicaSetDecision.decide(set(replicas), List.of(pods), () -> "abcde", Fixtures.NOW)
        .actions();
  }

  private static List<String> deleted(List<Action> actions) {
    List<String> names = new ArrayList<>();
    for (Action each : actions) {
      if (each instanceof Action.Delete delete) {
        names.add(delete.key().name());
      }
    }
    return names;
  }

  @Test
  void missing_pods_are_made_from_the_template_and_owned() {
    List<ObjectNode> created = new ArrayList<>();
    for (Action each : decide(2, Fixtures.pod("one", "s1", true, OLD))) {
      if (each instanceof Action.Create create) {
        created.add(create.object());
      }
    }

    assertThat(created).hasSize(1);
    ObjectNode pod = created.getFirst();
    assertThat(Meta.name(pod)).isEqualTo("web-abcde");
    assertThat(Meta.labels(pod)).containsEntry("app", "web");
    assertThat(Meta.annotation(pod, "a")).isEqualTo("b");
    assertThat(Meta.controls(set(2), pod)).isTrue();
  }

  @Test
  void pods_that_are_not_ready_go_first_then_the_newest() {
    assertThat(
            deleted(
                decide(
                    1,
                    Fixtures.pod("old", "s1", true, OLD),
                    Fixtures.pod("new", "s1", true, NEW),
                    Fixtures.pod("broken", "s1", false, OLD))))
        .containsExactly("broken", "new");
  }

  @Test
  void pods_without_a_controller_are_adopted_those_of_others_are_left_alone() {
    List<Action> actions =
        decide(1, Fixtures.pod("free", "", true, OLD), Fixtures.pod("taken", "other", true, OLD));

    assertThat(actions)
        .anyMatch(a -> a instanceof Action.Patch patch && patch.key().name().equals("free"))
        .noneMatch(a -> a instanceof Action.Patch patch && patch.key().name().equals("taken"))
        .noneMatch(Action.Create.class::isInstance);
  }

  @Test
  void terminating_and_finished_pods_do_not_count() {
    ObjectNode leaving = Fixtures.pod("leaving", "s1", true, OLD);
    leaving.withObjectProperty("metadata").put("deletionTimestamp", NEW);
    ObjectNode failed = Fixtures.pod("failed", "s1", false, OLD);
    failed.withObjectProperty("status").put("phase", "Failed");

    assertThat(decide(1, leaving, failed)).anyMatch(Action.Create.class::isInstance);
  }

  @Test
  void a_pod_is_available_only_after_min_ready_seconds() {
    ObjectNode set = set(1);
    set.withObjectProperty("spec").put("minReadySeconds", 900);

    ReplicaSetDecision.Decision decision =
        ReplicaSetDecision.decide(
            set, List.of(Fixtures.pod("one", "s1", true, NEW)), () -> "x", Fixtures.NOW);

    assertThat(decision.again()).hasValueSatisfying(d -> assertThat(d).hasSeconds(300));
    assertThat(decision.actions())
        .anySatisfy(
            a ->
                assertThat(a)
                    .isInstanceOfSatisfying(
                        Action.PatchStatus.class,
                        p -> {
                          assertThat(p.patch().at("/status/readyReplicas").asInt()).isEqualTo(1);
                          assertThat(p.patch().at("/status/availableReplicas").asInt()).isZero();
                        }));
  }
}
