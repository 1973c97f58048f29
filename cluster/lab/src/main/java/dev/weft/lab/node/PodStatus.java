package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.lab.node.ContainerState.Phase;
import dev.weft.lab.node.PodSpec.ContainerSpec;
import dev.weft.lab.node.PodSpec.Kind;
import dev.weft.lab.object.Meta;
import dev.weft.lab.object.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The status of a pod as the node reports it (Kubernetes: pkg/kubelet/kubelet_pods.go).
 *
 * @param hostAddress of the node
 * @param address of the pod, "" while it has none
 * @param before the pod, with the status that the node reported last
 */
record PodStatus(
    PodSpec pod,
    Map<String, ContainerState> states,
    String hostAddress,
    String address,
    JsonNode before) {

  ObjectNode build(Instant now) {
    ObjectNode status = Trees.object();
    List<ContainerSpec> inits = of(Kind.INIT, Kind.SIDECAR);
    List<ContainerSpec> mains = of(Kind.MAIN);
    String phase = phase();
    status.put("phase", phase);
    status.set("conditions", conditions(phase, now));
    status.put("hostIP", hostAddress);
    status.putArray("hostIPs").addObject().put("ip", hostAddress);
    if (!address.isEmpty()) {
      status.put("podIP", address);
      status.putArray("podIPs").addObject().put("ip", address);
    }
    String started = before.path("status").path("startTime").asText("");
    status.put("startTime", started.isEmpty() ? Meta.timestamp(now) : started);
    if (!inits.isEmpty()) {
      ArrayNode array = status.putArray("initContainerStatuses");
      inits.forEach(each -> array.add(container(each)));
    }
    ArrayNode array = status.putArray("containerStatuses");
    mains.forEach(each -> array.add(container(each)));
    status.put("qosClass", quality());
    return status;
  }

  private List<ContainerSpec> of(Kind first, Kind... more) {
    List<Kind> kinds = new ArrayList<>(List.of(more));
    kinds.add(first);
    return pod.containers().stream().filter(each -> kinds.contains(each.kind())).toList();
  }

  private ContainerState state(ContainerSpec each) {
    return states.getOrDefault(each.name(), ContainerState.initial());
  }

  private boolean initialized() {
    return of(Kind.INIT, Kind.SIDECAR).stream()
        .allMatch(
            each -> each.kind() == Kind.INIT ? state(each).succeeded() : state(each).started());
  }

  /** As kubelet's getPhase: what has not been started yet keeps the pod pending. */
  private String phase() {
    int running = 0;
    int waiting = 0;
    int ended = 0;
    int succeeded = 0;
    for (ContainerSpec each : of(Kind.INIT)) {
      if (state(each).phase() instanceof Phase.Ended e
          && e.code() != 0
          && !pod.restarts(each, e.code())) {
        return "Failed";
      }
    }
    for (ContainerSpec each : of(Kind.MAIN)) {
      ContainerState state = state(each);
      switch (state.phase()) {
        case Phase.Running r -> running++;
        case Phase.Ended e -> {
          ended++;
          succeeded += e.code() == 0 ? 1 : 0;
        }
        case Phase.Waiting w -> {
          if (state.last().isPresent()) {
            ended++;
          } else {
            waiting++;
          }
        }
      }
    }
    boolean pending = running == 0 && ended == 0 && !initialized();
    if (pending || waiting > 0) {
      return "Pending";
    }
    if (running > 0 || pod.restartPolicy().equals("Always")) {
      return "Running";
    }
    if (succeeded == ended) {
      return "Succeeded";
    }
    return pod.restartPolicy().equals("Never") ? "Failed" : "Running";
  }

  private ArrayNode conditions(String phase, Instant now) {
    List<String> unready = new ArrayList<>();
    for (ContainerSpec each : of(Kind.SIDECAR, Kind.MAIN)) {
      if (!state(each).ready()) {
        unready.add(each.name());
      }
    }
    boolean containers = unready.isEmpty();
    boolean ready = containers;
    for (JsonNode gate : pod.spec().path("readinessGates")) {
      ready &=
          Meta.condition(pod.pod(), gate.path("conditionType").asText())
              .path("status")
              .asText()
              .equals("True");
    }
    boolean over = phase.equals("Succeeded") || phase.equals("Failed");
    String reason = over ? "PodCompleted" : "ContainersNotReady";
    String message = over ? "" : "containers with unready status: " + unready;
    ArrayNode result = Trees.array();
    add(result, "PodReadyToStartContainers", !address.isEmpty(), "", "", now);
    add(
        result,
        "Initialized",
        initialized(),
        "ContainersNotInitialized",
        "containers with incomplete status: "
            + of(Kind.INIT, Kind.SIDECAR).stream()
                .filter(e -> !state(e).succeeded() && !state(e).started())
                .map(ContainerSpec::name)
                .toList(),
        now);
    add(result, "Ready", ready, containers ? "ReadinessGatesNotReady" : reason, message, now);
    add(result, "ContainersReady", containers, reason, message, now);
    add(result, "PodScheduled", true, "", "", now);
    for (JsonNode other : pod.pod().path("status").path("conditions")) {
      boolean mine = false;
      for (JsonNode each : result) {
        mine |= each.path("type").asText().equals(other.path("type").asText());
      }
      if (!mine) {
        result.add(other.deepCopy());
      }
    }
    return result;
  }

  private void add(
      ArrayNode conditions,
      String type,
      boolean value,
      String reason,
      String message,
      Instant now) {
    JsonNode last = Meta.condition(before, type);
    String status = value ? "True" : "False";
    ObjectNode condition = conditions.addObject();
    condition.put("type", type).put("status", status);
    condition.putNull("lastProbeTime");
    condition.put(
        "lastTransitionTime",
        last.path("status").asText("").equals(status)
            ? last.path("lastTransitionTime").asText(Meta.timestamp(now))
            : Meta.timestamp(now));
    if (!value && !reason.isEmpty()) {
      condition.put("reason", reason);
      if (!message.isEmpty()) {
        condition.put("message", message);
      }
    }
  }

  private ObjectNode container(ContainerSpec each) {
    ContainerState state = state(each);
    ObjectNode json = Trees.object();
    json.put("name", each.name());
    json.set("state", phase(waitingFor(each, state)));
    ObjectNode last = Trees.object();
    state.last().ifPresent(ended -> last.setAll(phase(ended)));
    json.set("lastState", last);
    boolean initDone = each.kind() == Kind.INIT && state.succeeded();
    json.put("ready", state.ready() || initDone);
    json.put("started", state.started());
    json.put("restartCount", state.restarts());
    json.put("image", each.image());
    json.put("imageID", each.image().isEmpty() ? "" : "weft://" + each.image());
    switch (state.phase()) {
      case Phase.Running running -> json.put("containerID", "weft://" + running.id());
      case Phase.Ended ended -> json.put("containerID", "weft://" + ended.id());
      case Phase.Waiting waiting ->
          state.last().ifPresent(ended -> json.put("containerID", "weft://" + ended.id()));
    }
    return json;
  }

  private Phase waitingFor(ContainerSpec each, ContainerState state) {
    boolean fresh =
        state.phase() instanceof Phase.Waiting w && w.reason().equals("ContainerCreating");
    return fresh && each.kind() == Kind.MAIN && !initialized()
        ? new Phase.Waiting("PodInitializing", "")
        : state.phase();
  }

  private static ObjectNode phase(Phase phase) {
    ObjectNode json = Trees.object();
    switch (phase) {
      case Phase.Waiting waiting -> {
        ObjectNode body = json.putObject("waiting").put("reason", waiting.reason());
        if (!waiting.message().isEmpty()) {
          body.put("message", waiting.message());
        }
      }
      case Phase.Running running ->
          json.putObject("running").put("startedAt", Meta.timestamp(running.since()));
      case Phase.Ended ended -> {
        ObjectNode body = json.putObject("terminated");
        body.put("exitCode", ended.code()).put("reason", ended.reason());
        body.put("startedAt", Meta.timestamp(ended.since()));
        body.put("finishedAt", Meta.timestamp(ended.until()));
        body.put("containerID", "weft://" + ended.id());
      }
    }
    return json;
  }

  private String quality() {
    boolean any = false;
    boolean all = true;
    for (ContainerSpec each : pod.containers()) {
      JsonNode limits = each.json().path("resources").path("limits");
      JsonNode requests = each.json().path("resources").path("requests");
      any |= !limits.isEmpty() || !requests.isEmpty();
      all &=
          limits.has("cpu")
              && limits.has("memory")
              && (requests.isEmpty()
                  || requests.path("cpu").equals(limits.path("cpu"))
                      && requests.path("memory").equals(limits.path("memory")));
    }
    return !any ? "BestEffort" : all ? "Guaranteed" : "Burstable";
  }
}
