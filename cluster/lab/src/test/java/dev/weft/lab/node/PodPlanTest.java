package dev.weft.lab.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What starts when, and what the status says meanwhile. */
final class PodPlanTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final ContainerState FRESH = ContainerState.initial();
  private static final ContainerState RUNNING = FRESH.running("id", NOW);
  private static final ContainerState READY = RUNNING.withStarted(true).withReady(true);

  private static ContainerState ended(int code) {
    return RUNNING.exited(code, code == 0 ? "Completed" : "OOMKilled", NOW.plusSeconds(1), false);
  }

  private static ContainerState crashed(int times) {
    ContainerState state = FRESH;
    for (int i = 0; i < times; i++) {
      state = state.running("id", NOW).exited(1, "Error", NOW, true);
    }
    return state;
  }

  private static PodSpec pod(String policy) {
    return new PodSpec(
        Trees.yaml(
            """
            metadata: {name: p, namespace: n, uid: u}
            spec:
              restartPolicy: %s
              initContainers:
              - {name: init, image: i}
              - {name: side, image: i, restartPolicy: Always, startupProbe: {}}
              containers:
              - {name: a, image: i}
              - {name: b, image: i}
            """
                .formatted(policy)));
  }

  /** States of init, side, a and b; what is started, what is stopped, the phase. */
  record Case(
      String name,
      String policy,
      List<ContainerState> states,
      List<String> start,
      List<String> stop,
      String phase) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    ContainerState done = ended(0);
    return Stream.of(
        new Case(
            "the first init container comes alone",
            "Always",
            List.of(FRESH, FRESH, FRESH, FRESH),
            List.of("init"),
            List.of(),
            "Pending"),
        new Case(
            "the sidecar follows the init container",
            "Always",
            List.of(done, FRESH, FRESH, FRESH),
            List.of("side"),
            List.of(),
            "Pending"),
        new Case(
            "the others wait until the sidecar has started",
            "Always",
            List.of(done, RUNNING, FRESH, FRESH),
            List.of(),
            List.of(),
            "Pending"),
        new Case(
            "then all start",
            "Always",
            List.of(done, READY, FRESH, FRESH),
            List.of("a", "b"),
            List.of(),
            "Pending"),
        new Case(
            "a running pod rests",
            "Always",
            List.of(done, READY, READY, READY),
            List.of(),
            List.of(),
            "Running"),
        new Case(
            "the first restart is immediate",
            "Always",
            List.of(done, READY, crashed(1), READY),
            List.of("a"),
            List.of(),
            "Running"),
        new Case(
            "later ones wait",
            "Always",
            List.of(done, READY, crashed(2), READY),
            List.of(),
            List.of(),
            "Running"),
        new Case(
            "a failed init container ends a pod that is never restarted",
            "Never",
            List.of(ended(1), FRESH, FRESH, FRESH),
            List.of(),
            List.of(),
            "Failed"),
        new Case(
            "sidecars are stopped when the work is done",
            "Never",
            List.of(done, READY, done, done),
            List.of(),
            List.of("side"),
            "Succeeded"),
        new Case(
            "one failure fails the pod",
            "Never",
            List.of(done, READY, done, ended(2)),
            List.of(),
            List.of("side"),
            "Failed"));
  }

  private static Map<String, ContainerState> states(List<ContainerState> list) {
    Map<String, ContainerState> states = new LinkedHashMap<>();
    List<String> names = List.of("init", "side", "a", "b");
    for (int i = 0; i < names.size(); i++) {
      states.put(names.get(i), list.get(i));
    }
    return states;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void plan_and_phase(Case each) {
    PodSpec pod = pod(each.policy());

    PodPlan plan = PodPlan.of(pod, states(each.states()), NOW);

    assertThat(plan.start()).extracting(PodSpec.ContainerSpec::name).isEqualTo(each.start());
    assertThat(plan.stop()).extracting(PodSpec.ContainerSpec::name).isEqualTo(each.stop());
    ObjectNode status =
        new PodStatus(pod, states(each.states()), "172.18.0.2", "10.244.0.2", pod.pod()).build(NOW);
    assertThat(status.path("phase").asText()).isEqualTo(each.phase());
  }

  @Test
  void back_off_doubles_from_one_second_to_five_minutes_and_is_forgiven_after_a_long_run() {
    assertThat(Stream.of(0, 1, 2, 3, 9, 10, 40).map(ContainerState::delay).map(Duration::toSeconds))
        .containsExactly(0L, 1L, 2L, 4L, 256L, 300L, 300L);
    ContainerState again =
        crashed(5).running("id", NOW).exited(1, "Error", NOW.plus(ContainerState.LONG_RUN), true);
    assertThat(again.failures()).isEqualTo(1);
    assertThat(again.restarts()).isEqualTo(6);
  }

  @Test
  void a_plan_wakes_when_the_back_off_is_over() {
    PodPlan plan =
        PodPlan.of(pod("Always"), states(List.of(ended(0), READY, crashed(3), READY)), NOW);

    assertThat(plan.wake()).isEqualTo(Optional.of(NOW.plusSeconds(2)));
  }

  @Test
  void conditions_and_container_statuses_say_what_is_missing() {
    PodSpec pod = pod("Always");
    ObjectNode status =
        new PodStatus(
                pod,
                states(List.of(ended(0), READY, READY, crashed(2))),
                "172.18.0.2",
                "10.244.0.2",
                pod.pod())
            .build(NOW);
    ObjectNode whole = Trees.object();
    whole.set("status", status);

    assertThat(Meta.condition(whole, "Initialized").path("status").asText()).isEqualTo("True");
    assertThat(Meta.condition(whole, "Ready").path("status").asText()).isEqualTo("False");
    assertThat(Meta.condition(whole, "Ready").path("message").asText()).contains("[b]");
    assertThat(status.at("/containerStatuses/1/state/waiting/reason").asText())
        .isEqualTo("CrashLoopBackOff");
    assertThat(status.at("/containerStatuses/1/restartCount").asInt()).isEqualTo(2);
    assertThat(status.at("/initContainerStatuses/0/state/terminated/reason").asText())
        .isEqualTo("Completed");
  }

  @Test
  void a_pod_that_ran_before_the_node_went_down_starts_anew_and_counts_it() {
    ObjectNode pod =
        Trees.yaml(
            """
            metadata: {name: p, namespace: n, uid: u}
            spec: {restartPolicy: Always, containers: [{name: a}, {name: b}]}
            status:
              phase: Running
              containerStatuses:
              - {name: a, restartCount: 2, state: {running: {startedAt: 2026-03-01T09:00:00Z}}}
              - {name: b, restartCount: 0, state: {waiting: {reason: ContainerCreating}}}
            """);

    Map<String, ContainerState> states = FormerLife.states(new PodSpec(pod), NOW);

    assertThat(states).containsOnlyKeys("a");
    ContainerState former = states.getOrDefault("a", FRESH);
    assertThat(former.restarts()).isEqualTo(3);
    assertThat(former.last().orElseThrow().code()).isEqualTo(255);
    assertThat(PodPlan.of(new PodSpec(pod), states, NOW).start())
        .extracting(PodSpec.ContainerSpec::name)
        .containsExactly("a", "b");
  }
}
