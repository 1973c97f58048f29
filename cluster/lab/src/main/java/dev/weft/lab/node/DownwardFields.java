package dev.weft.lab.node;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.lab.object.Meta;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What {@code fieldRef} and {@code resourceFieldRef} can name. */
record DownwardFields(PodSpec pod, String nodeName, String hostAddress, String podAddress) {

  /** Empty where there is no such field. */
  Optional<String> field(String path) {
    int bracket = path.indexOf("['");
    if (bracket > 0 && path.endsWith("']")) {
      String key = path.substring(bracket + 2, path.length() - 2);
      return switch (path.substring(0, bracket)) {
        case "metadata.labels" -> Optional.of(Meta.labels(pod.pod()).getOrDefault(key, ""));
        case "metadata.annotations" -> Optional.of(Meta.annotation(pod.pod(), key));
        default -> Optional.empty();
      };
    }
    return switch (path) {
      case "metadata.name" -> Optional.of(pod.name());
      case "metadata.namespace" -> Optional.of(pod.namespace());
      case "metadata.uid" -> Optional.of(pod.uid());
      case "metadata.labels" -> Optional.of(lines(Meta.labels(pod.pod())));
      case "metadata.annotations" -> Optional.of(lines(Meta.annotations(pod.pod())));
      case "spec.nodeName" -> Optional.of(nodeName);
      case "spec.serviceAccountName" -> Optional.of(pod.serviceAccount());
      case "status.hostIP", "status.hostIPs" -> Optional.of(hostAddress);
      case "status.podIP", "status.podIPs" -> Optional.of(podAddress);
      default -> Optional.empty();
    };
  }

  /** A limit that is not set is the machine's, as in Kubernetes. */
  Optional<String> resource(JsonNode reference, JsonNode container) {
    String[] path = reference.path("resource").asText().split("\\.", 2);
    if (path.length != 2) {
      return Optional.empty();
    }
    JsonNode owner = container;
    String named = reference.path("containerName").asText("");
    if (!named.isEmpty()) {
      owner = pod.container(named).map(PodSpec.ContainerSpec::json).orElse(container);
    }
    String text = owner.path("resources").path(path[0]).path(path[1]).asText("");
    if (text.isEmpty()) {
      text = unset(path[0], path[1]);
    }
    return Optional.of(
        Quantity.parse(text).dividedBy(Quantity.parse(reference.path("divisor").asText("1"))));
  }

  private static String unset(String kind, String resource) {
    if (!kind.equals("limits")) {
      return "0";
    }
    return switch (resource) {
      case "cpu" -> Integer.toString(Runtime.getRuntime().availableProcessors());
      case "memory" -> "4Gi";
      default -> "0";
    };
  }

  private static String lines(Map<String, String> map) {
    StringBuilder out = new StringBuilder();
    new TreeMap<>(map)
        .forEach(
            (key, value) ->
                out.append(key)
                    .append("=\"")
                    .append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                    .append("\"\n"));
    return out.isEmpty() ? "" : out.substring(0, out.length() - 1);
  }
}
