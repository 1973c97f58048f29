package dev.weft.install;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether an object does its work yet, and if not, why. */
final class Readiness {
  private Readiness() {}

  /**
   * Why an object is not ready, or empty.
   *
   * @param there as the cluster has it
   * @param pods of a workload; ignored for other kinds
   * @param events of the namespace
   */
  static Optional<String> lacking(
      KubeObject there, List<Map<String, Object>> pods, List<Map<String, Object>> events) {
    return switch (there.kind()) {
      case DEPLOYMENT -> deployment(there, pods, events);
      case DAEMON_SET -> daemonSet(there, pods, events);
      case CUSTOM_RESOURCE_DEFINITION ->
          condition(there.body(), "Established")
              ? Optional.empty()
              : Optional.of("is not established yet");
      case MUTATING_WEBHOOK_CONFIGURATION, VALIDATING_WEBHOOK_CONFIGURATION ->
          certified(there)
              ? Optional.empty()
              : Optional.of("waits for the control plane to write its caBundle");
      case NAMESPACE,
          SERVICE_ACCOUNT,
          CLUSTER_ROLE,
          CLUSTER_ROLE_BINDING,
          ROLE,
          ROLE_BINDING,
          CONFIG_MAP,
          SECRET,
          LEASE,
          SERVICE,
          ENDPOINT_SLICE,
          POD_DISRUPTION_BUDGET,
          HORIZONTAL_POD_AUTOSCALER ->
          Optional.empty();
    };
  }

  private static boolean certified(KubeObject configuration) {
    return Trees.list(configuration.body().get("webhooks")).stream()
        .noneMatch(w -> Trees.text(Trees.at(Trees.map(w), "clientConfig", "caBundle")).isEmpty());
  }

  private static Optional<String> deployment(
      KubeObject there, List<Map<String, Object>> pods, List<Map<String, Object>> events) {
    Map<String, Object> status = Trees.map(there.body().get("status"));
    long wanted = number(Trees.at(there.body(), "spec", "replicas"), 1);
    boolean seen = seen(there);
    long updated = number(status.get("updatedReplicas"), 0);
    long available = number(status.get("availableReplicas"), 0);
    long all = number(status.get("replicas"), 0);
    if (seen && updated >= wanted && available >= wanted && all == updated) {
      return Optional.empty();
    }
    List<String> reasons = new ArrayList<>();
    reasons.add(
        available < wanted
            ? available + " of " + wanted + " pods are available"
            : "old pods are being replaced: "
                + Math.min(updated, all)
                + " of "
                + wanted
                + " are new");
    for (Map<String, Object> pod : pods) {
      pod(pod, events).ifPresent(reasons::add);
    }
    if (pods.isEmpty()) {
      reason(events, "ReplicaSet", there.name() + "-")
          .or(() -> reason(events, "Deployment", there.name()))
          .ifPresent(reasons::add);
    }
    return Optional.of(String.join("; ", reasons));
  }

  private static Optional<String> daemonSet(
      KubeObject there, List<Map<String, Object>> pods, List<Map<String, Object>> events) {
    Map<String, Object> status = Trees.map(there.body().get("status"));
    long wanted = number(status.get("desiredNumberScheduled"), 0);
    long updated = number(status.get("updatedNumberScheduled"), 0);
    long available = number(status.get("numberAvailable"), 0);
    if (!seen(there)) {
      return Optional.of("no controller has seen it yet");
    }
    if (updated >= wanted && available >= wanted) {
      return Optional.empty();
    }
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "on "
            + wanted
            + " nodes it should be, on "
            + available
            + " it is available, on "
            + updated
            + " new");
    pods.forEach(pod -> pod(pod, events).ifPresent(reasons::add));
    if (pods.size() < wanted) {
      reason(events, "DaemonSet", there.name()).ifPresent(reasons::add);
    }
    return Optional.of(String.join("; ", reasons));
  }

  private static boolean seen(KubeObject workload) {
    return number(Trees.at(workload.body(), "status", "observedGeneration"), 0)
        >= number(Trees.at(workload.body(), "metadata", "generation"), 0);
  }

  private static Optional<String> pod(Map<String, Object> pod, List<Map<String, Object>> events) {
    if (condition(pod, "Ready")) {
      return Optional.empty();
    }
    String name = Trees.text(Trees.at(pod, "metadata", "name"));
    List<Object> containers = new ArrayList<>();
    containers.addAll(Trees.list(Trees.at(pod, "status", "initContainerStatuses")));
    containers.addAll(Trees.list(Trees.at(pod, "status", "containerStatuses")));
    for (Object each : containers) {
      Map<String, Object> container = Trees.map(each);
      Map<String, Object> waiting = Trees.map(Trees.at(container, "state", "waiting"));
      String reason = Trees.text(waiting.get("reason"));
      if (!reason.isEmpty() && !reason.equals("PodInitializing")) {
        return Optional.of(
            "pod "
                + name
                + ": container "
                + Trees.text(container.get("name"))
                + " "
                + reason
                + more(Trees.text(waiting.get("message")))
                + last(container));
      }
    }
    for (Object each : Trees.list(Trees.at(pod, "status", "conditions"))) {
      Map<String, Object> condition = Trees.map(each);
      if ("PodScheduled".equals(condition.get("type")) && "False".equals(condition.get("status"))) {
        return Optional.of(
            "pod " + name + " has no node" + more(Trees.text(condition.get("message"))));
      }
    }
    return Optional.of(
        "pod "
            + name
            + " is "
            + Trees.text(Trees.at(pod, "status", "phase"))
            + ", not ready"
            + reason(events, "Pod", name).map(e -> ": " + e).orElse(""));
  }

  /** How a container that starts again and again ended last. */
  private static String last(Map<String, Object> container) {
    Map<String, Object> ended = Trees.map(Trees.at(container, "lastState", "terminated"));
    return ended.isEmpty()
        ? ""
        : " (it ended with code "
            + Trees.text(ended.get("exitCode"))
            + more(Trees.text(ended.get("message")))
            + "; its log says more)";
  }

  /** The newest warning about an object whose name begins so. */
  private static Optional<String> reason(
      List<Map<String, Object>> events, String kind, String name) {
    return events.stream()
        .filter(e -> "Warning".equals(e.get("type")))
        .filter(e -> kind.equals(Trees.at(e, "involvedObject", "kind")))
        .filter(e -> Trees.text(Trees.at(e, "involvedObject", "name")).startsWith(name))
        .max(
            Comparator.comparing(
                e ->
                    Trees.text(
                        e.get("lastTimestamp") == null
                            ? e.get("eventTime")
                            : e.get("lastTimestamp"))))
        .map(e -> Trees.text(e.get("reason")) + more(Trees.text(e.get("message"))));
  }

  private static String more(String message) {
    return message.isEmpty() ? "" : ": " + message.strip().replace('\n', ' ');
  }

  private static boolean condition(Map<String, Object> object, String type) {
    return Trees.list(Trees.at(object, "status", "conditions")).stream()
        .map(Trees::map)
        .anyMatch(c -> type.equals(c.get("type")) && "True".equals(c.get("status")));
  }

  private static long number(@Nullable Object value, long otherwise) {
    return value instanceof Number n ? n.longValue() : otherwise;
  }
}
