package dev.weft.lab.image.prometheus;

import dev.weft.lab.image.http.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A list of pods as the targets that Prometheus makes of it: one for each port of each container,
 * with the labels that relabelling goes by. Source: Prometheus, "kubernetes_sd_config", role pod.
 */
final class PodTargets {
  private static final String META = "__meta_kubernetes_";

  private PodTargets() {}

  /** For {@code http_sd_configs}. */
  static Json of(Json list) {
    List<Json> groups = new ArrayList<>();
    for (Json pod : elements(list, "items")) {
      String ip = text(pod, "status", "podIP");
      if (ip.isEmpty()) {
        continue;
      }
      for (String containers : List.of("initContainers", "containers")) {
        for (Json container : elements(at(pod, "spec").orElse(NOTHING), containers)) {
          container(pod, ip, container, containers.startsWith("init"), groups);
        }
      }
    }
    return new Json.Arr(groups);
  }

  private static final Json NOTHING = new Json.Obj(Map.of());

  private static void container(
      Json pod, String ip, Json container, boolean init, List<Json> groups) {
    Map<String, Json> labels = labels(pod, ip);
    labels.put(META + "pod_container_name", Json.of(text(container, "name")));
    labels.put(META + "pod_container_init", Json.of(String.valueOf(init)));
    List<Json> ports = elements(container, "ports");
    if (ports.isEmpty()) {
      groups.add(group(host(ip), labels));
    }
    for (Json port : ports) {
      Map<String, Json> all = new LinkedHashMap<>(labels);
      String number = text(port, "containerPort");
      all.put(META + "pod_container_port_name", Json.of(text(port, "name")));
      all.put(META + "pod_container_port_number", Json.of(number));
      groups.add(group(host(ip) + ":" + number, all));
    }
  }

  private static Map<String, Json> labels(Json pod, String ip) {
    Map<String, Json> labels = new LinkedHashMap<>();
    labels.put(META + "namespace", Json.of(text(pod, "metadata", "namespace")));
    labels.put(META + "pod_name", Json.of(text(pod, "metadata", "name")));
    labels.put(META + "pod_uid", Json.of(text(pod, "metadata", "uid")));
    labels.put(META + "pod_ip", Json.of(ip));
    labels.put(META + "pod_phase", Json.of(text(pod, "status", "phase")));
    labels.put(META + "pod_node_name", Json.of(text(pod, "spec", "nodeName")));
    for (String kind : List.of("label", "annotation")) {
      if (at(pod, "metadata", kind + "s").orElse(NOTHING) instanceof Json.Obj(var members)) {
        members.forEach(
            (name, value) -> {
              String plain = META + "pod_" + kind + "_" + name.replaceAll("[^a-zA-Z0-9_]", "_");
              labels.put(plain, Json.of(text(value)));
            });
      }
    }
    return labels;
  }

  private static Json group(String target, Map<String, Json> labels) {
    return new Json.Obj(
        Map.of("targets", new Json.Arr(List.of(Json.of(target))), "labels", new Json.Obj(labels)));
  }

  private static String host(String ip) {
    return ip.indexOf(':') < 0 ? ip : "[" + ip + "]";
  }

  private static List<Json> elements(Json object, String name) {
    return at(object, name).orElse(NOTHING) instanceof Json.Arr(List<Json> elements)
        ? elements
        : List.of();
  }

  private static String text(Json json, String... path) {
    return switch (at(json, path).orElse(NOTHING)) {
      case Json.Text(String value) -> value;
      case Json.Literal(String value) -> value;
      case Json.Obj object -> "";
      case Json.Arr array -> "";
    };
  }

  private static Optional<Json> at(Json json, String... path) {
    Optional<Json> found = Optional.of(json);
    for (String name : path) {
      found =
          found.flatMap(
              j ->
                  j instanceof Json.Obj(var members)
                      ? Optional.ofNullable(members.get(name))
                      : Optional.empty());
    }
    return found;
  }
}
