package dev.weft.lab.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DeploymentDecisionTest {
  private static final String ROLLING = "{}";

  /** One step of a rollout from {@code old} pods to a Deployment of three. */
  record Step(
      String name,
      String strategy,
      int old,
      int oldReady,
      int now,
      int nowReady,
      List<String> then) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Step> steps() {
    return Stream.of(
        new Step("surge comes first", ROLLING, 3, 3, 0, 0, List.of("new 0->1")),
        new Step("nothing goes while the new pod is not there", ROLLING, 3, 3, 1, 0, List.of()),
        new Step("an old one goes for each new one", ROLLING, 3, 3, 1, 1, List.of("old 3->2")),
        new Step("room is used at once", ROLLING, 2, 2, 1, 1, List.of("new 1->2")),
        new Step("broken old pods go first", ROLLING, 3, 1, 1, 0, List.of()),
        new Step(
            "unavailable pods may be missing",
            "{rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}",
            3,
            3,
            0,
            0,
            List.of("old 3->2")),
        new Step(
            "percentages round up and down",
            "{rollingUpdate: {maxSurge: 50%, maxUnavailable: 50%}}",
            3,
            3,
            0,
            0,
            List.of("new 0->2", "old 3->2")),
        new Step("recreate ends all old ones", "{type: Recreate}", 3, 3, 0, 0, List.of("old 3->0")),
        new Step("the last old one goes", ROLLING, 1, 1, 3, 3, List.of("old 1->0")),
        new Step("a finished rollout rests", ROLLING, 0, 0, 3, 3, List.of()));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void a_rollout_goes_step_by_step(Step step) {
    List<ObjectNode> sets = new ArrayList<>();
    sets.add(Fixtures.set("old", "web:1", step.old(), step.oldReady(), 1));
    sets.add(Fixtures.set("new", "web:2", step.now(), step.nowReady(), 2));

    List<Action> actions =
        DeploymentDecision.decide(
            Fixtures.deployment(3, step.strategy()), sets, step.old(), Fixtures.NOW);

    assertThat(scalings(actions, sets)).containsExactlyInAnyOrderElementsOf(step.then());
  }

  @Test
  void a_new_template_gets_a_replica_set_with_the_next_revision() {
    List<ObjectNode> sets = List.of(Fixtures.set("old", "web:1", 3, 3, 4));

    List<Action> actions =
        DeploymentDecision.decide(Fixtures.deployment(3, ROLLING), sets, 3, Fixtures.NOW);

    ObjectNode created =
        actions.stream()
            .filter(Action.Create.class::isInstance)
            .map(a -> ((Action.Create) a).object())
            .findFirst()
            .orElseThrow();
    String hash = DeploymentDecision.hash(Fixtures.deployment(3, ROLLING));
    assertThat(Meta.name(created)).isEqualTo("web-" + hash);
    assertThat(Meta.annotation(created, DeploymentDecision.REVISION)).isEqualTo("5");
    assertThat(
            created
                .path("spec")
                .path("selector")
                .path("matchLabels")
                .path("pod-template-hash")
                .asText())
        .isEqualTo(hash);
    assertThat(created.path("spec").path("replicas").asInt()).isEqualTo(1);
  }

  @Test
  void a_rollback_gives_the_former_replica_set_a_new_number() {
    List<ObjectNode> sets =
        List.of(Fixtures.set("old", "web:2", 0, 0, 1), Fixtures.set("new", "web:3", 3, 3, 2));

    List<Action> actions =
        DeploymentDecision.decide(Fixtures.deployment(3, ROLLING), sets, 3, Fixtures.NOW);

    assertThat(actions)
        .anySatisfy(
            action ->
                assertThat(action)
                    .isInstanceOfSatisfying(
                        Action.Patch.class,
                        patch -> {
                          assertThat(patch.key().name()).isEqualTo("old");
                          assertThat(
                                  patch
                                      .patch()
                                      .at(
                                          "/metadata/annotations/deployment.kubernetes.io~1revision")
                                      .asText())
                              .isEqualTo("3");
                        }));
  }

  @Test
  void status_says_complete_once_all_pods_are_new_and_available() {
    List<ObjectNode> sets = List.of(Fixtures.set("new", "web:2", 3, 3, 1));

    ObjectNode status =
        status(DeploymentDecision.decide(Fixtures.deployment(3, ROLLING), sets, 0, Fixtures.NOW));

    assertThat(status.at("/status/observedGeneration").asInt()).isEqualTo(3);
    assertThat(status.at("/status/updatedReplicas").asInt()).isEqualTo(3);
    assertThat(Meta.condition(status, "Available").path("status").asText()).isEqualTo("True");
    assertThat(Meta.condition(status, "Progressing").path("reason").asText())
        .isEqualTo("NewReplicaSetAvailable");
  }

  @Test
  void a_status_that_is_right_is_not_written_again() {
    ObjectNode deployment = Fixtures.deployment(3, ROLLING);
    List<ObjectNode> sets = List.of(Fixtures.set("new", "web:2", 3, 3, 1));
    deployment.set(
        "status",
        status(DeploymentDecision.decide(deployment, sets, 0, Fixtures.NOW)).path("status"));

    assertThat(
            DeploymentDecision.decide(deployment, sets, 0, Fixtures.NOW.plusSeconds(60)).stream()
                .filter(Action.PatchStatus.class::isInstance))
        .isEmpty();
  }

  private static ObjectNode status(List<Action> actions) {
    return actions.stream()
        .filter(Action.PatchStatus.class::isInstance)
        .map(a -> ((Action.PatchStatus) a).patch())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> scalings(List<Action> actions, List<ObjectNode> sets) {
    List<String> result = new ArrayList<>();
    for (Action each : actions) {
      if (each instanceof Action.Patch patch
          && patch.type().equals(Kinds.REPLICA_SETS)
          && patch.patch().has("spec")) {
        ObjectNode set =
            sets.stream()
                .filter(s -> Meta.name(s).equals(patch.key().name()))
                .findFirst()
                .orElseThrow();
        result.add(
            "%s %d->%d"
                .formatted(
                    Meta.name(set),
                    DeploymentDecision.replicas(set),
                    patch.patch().path("spec").path("replicas").asInt()));
      }
    }
    return result;
  }
}
