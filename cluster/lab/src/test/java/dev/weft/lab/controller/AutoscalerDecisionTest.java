package dev.weft.lab.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Kinds;
import dev.weft.lab.object.Trees;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AutoscalerDecisionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static ObjectNode scaler() {
    return Trees.yaml(
        """
        kind: HorizontalPodAutoscaler
        metadata: {name: edge, namespace: istio-system}
        spec:
          minReplicas: 2
          maxReplicas: 4
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: edge}
        """);
  }

  private static Optional<ObjectNode> deployment(int replicas) {
    return Optional.of(
        Trees.yaml(
            """
            metadata: {name: edge, namespace: istio-system}
            spec: {replicas: %d}
            status: {replicas: %d}
            """
                .formatted(replicas, replicas)));
  }

  private static List<Integer> scaled(List<Action> actions) {
    return actions.stream()
        .filter(Action.Patch.class::isInstance)
        .map(a -> ((Action.Patch) a).patch().at("/spec/replicas").asInt())
        .toList();
  }

  @Test
  void a_deployment_is_kept_between_the_bounds() {
    assertThat(scaled(AutoscalerDecision.decide(scaler(), deployment(1), NOW))).containsExactly(2);
    assertThat(scaled(AutoscalerDecision.decide(scaler(), deployment(3), NOW))).isEmpty();
    assertThat(scaled(AutoscalerDecision.decide(scaler(), deployment(9), NOW))).containsExactly(4);
  }

  @Test
  void that_no_load_is_measured_is_said_once() {
    List<Action> first = AutoscalerDecision.decide(scaler(), deployment(3), NOW);
    assertThat(first)
        .anySatisfy(
            a ->
                assertThat(a)
                    .isInstanceOfSatisfying(
                        Action.Tell.class,
                        t -> assertThat(t.message()).contains("the lab measures no load")));
    ObjectNode after = scaler();
    first.stream()
        .filter(Action.PatchStatus.class::isInstance)
        .forEach(a -> after.set("status", ((Action.PatchStatus) a).patch().path("status")));
    assertThat(AutoscalerDecision.decide(after, deployment(3), NOW.plusSeconds(60))).isEmpty();
  }

  @Test
  void what_it_cannot_scale_it_names() {
    List<Action> actions = AutoscalerDecision.decide(scaler(), Optional.empty(), NOW);
    assertThat(scaled(actions)).isEmpty();
    assertThat(actions)
        .anySatisfy(
            a ->
                assertThat(a)
                    .isInstanceOfSatisfying(
                        Action.PatchStatus.class,
                        p -> {
                          assertThat(p.type()).isEqualTo(Kinds.AUTOSCALERS);
                          assertThat(p.patch().toString()).contains("there is no Deployment edge");
                        }));
  }
}
