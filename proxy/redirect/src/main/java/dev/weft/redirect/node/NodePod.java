package dev.weft.redirect.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pod whose traffic shall be captured from outside: one with the container {@code
 * istio-validation}, which says how and waits for it. Istio: tools/istio-iptables.
 *
 * @param uid Kubernetes' own id of the pod
 * @param title namespace and name
 * @param arguments flags of {@code istio-iptables}
 * @param environment of that container, without what is only known in the pod
 * @param settled whether the container has ended well, or the pod has ended
 */
record NodePod(
    String uid,
    String title,
    List<String> arguments,
    Map<String, String> environment,
    boolean settled) {
  static final String CONTAINER = "istio-validation";

  NodePod {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /**
   * From a pod of the API server; empty where it does not wait for its node, or has the network of
   * its node: rules there would be everybody's.
   */
  static Optional<NodePod> of(Map<?, ?> pod) {
    Map<?, ?> metadata = map(pod.get("metadata"));
    Map<?, ?> spec = map(pod.get("spec"));
    String uid = text(metadata.get("uid"));
    if (Boolean.TRUE.equals(spec.get("hostNetwork"))) {
      return Optional.empty();
    }
    for (Object each : list(spec.get("initContainers"))) {
      Map<?, ?> container = map(each);
      if (text(container.get("name")).equals(CONTAINER) && !uid.isEmpty()) {
        return Optional.of(
            new NodePod(
                uid,
                text(metadata.get("namespace")) + "/" + text(metadata.get("name")),
                arguments(container),
                environment(container),
                settled(map(pod.get("status")))));
      }
    }
    return Optional.empty();
  }

  /** Without the name of the command. */
  private static List<String> arguments(Map<?, ?> container) {
    List<String> arguments = new ArrayList<>();
    list(container.get("args")).forEach(a -> arguments.add(text(a)));
    return arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
  }

  private static Map<String, String> environment(Map<?, ?> container) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Object each : list(container.get("env"))) {
      Map<?, ?> variable = map(each);
      if (variable.get("value") instanceof String value) {
        environment.put(text(variable.get("name")), value);
      }
    }
    return environment;
  }

  private static boolean settled(Map<?, ?> status) {
    String phase = text(status.get("phase"));
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return true;
    }
    for (Object each : list(status.get("initContainerStatuses"))) {
      Map<?, ?> container = map(each);
      if (text(container.get("name")).equals(CONTAINER)) {
        Map<?, ?> ended = map(map(container.get("state")).get("terminated"));
        return ended.get("exitCode") instanceof Number code && code.intValue() == 0;
      }
    }
    return false;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text ? text : "";
  }
}
