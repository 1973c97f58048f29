package dev.weft.install;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From the {@code k8s} part of a component to values of the charts, and to overlays. */
final class KubernetesSettings {
  private static final Set<String> SERVICE =
      Set.of(
          "type",
          "ports",
          "loadBalancerIP",
          "loadBalancerClass",
          "loadBalancerSourceRanges",
          "externalTrafficPolicy",
          "externalIPs",
          "clusterIP");

  private static final Map<String, String> PILOT =
      Map.of(
          "minReplicas", "autoscaleMin",
          "maxReplicas", "autoscaleMax",
          "maxSurge", "rollingMaxSurge",
          "maxUnavailable", "rollingMaxUnavailable");

  private final List<Problem> problems;

  KubernetesSettings(List<Problem> problems) {
    this.problems = problems;
  }

  /** Values of the chart {@code control}. */
  Map<String, Object> pilot(String path, Map<String, Object> component) {
    Map<String, Object> pilot = new LinkedHashMap<>();
    Map<String, Object> global = new LinkedHashMap<>();
    for (String field : List.of("hub", "tag")) {
      if (component.get(field) != null) {
        pilot.put(field, Trees.text(component.get(field)));
      }
    }
    Trees.map(component.get("k8s"))
        .forEach(
            (field, value) -> {
              String here = path + ".k8s." + field;
              switch (field) {
                case "replicaCount",
                    "resources",
                    "nodeSelector",
                    "affinity",
                    "tolerations",
                    "podAnnotations",
                    "serviceAnnotations" ->
                    pilot.put(field, value);
                case "env" -> pilot.put("env", environment(here, value));
                case "hpaSpec" -> {
                  pilot.put("autoscaleEnabled", true);
                  scaling(here, value).forEach((k, v) -> pilot.put(Trees.text(PILOT.get(k)), v));
                }
                case "imagePullPolicy", "priorityClassName" -> global.put(field, value);
                case "strategy" -> {
                  Map<String, Object> rolling = Trees.map(Trees.map(value).get("rollingUpdate"));
                  for (String bound : List.of("maxSurge", "maxUnavailable")) {
                    if (rolling.get(bound) != null) {
                      pilot.put(Trees.text(PILOT.get(bound)), rolling.get(bound));
                    }
                  }
                }
                case "overlays" -> {}
                default -> problem(here, "is not taken here; write it as an overlay");
              }
            });
    Map<String, Object> values = new LinkedHashMap<>();
    if (!pilot.isEmpty()) {
      values.put("pilot", pilot);
    }
    if (!global.isEmpty()) {
      values.put("global", global);
    }
    return values;
  }

  /** Values of the chart {@code cni}. */
  Map<String, Object> cni(String path, Map<String, Object> component) {
    Map<String, Object> cni = new LinkedHashMap<>();
    for (String field : List.of("hub", "tag")) {
      if (component.get(field) != null) {
        cni.put(field, Trees.text(component.get(field)));
      }
    }
    Trees.map(component.get("k8s"))
        .forEach(
            (field, value) -> {
              switch (field) {
                case "resources",
                    "nodeSelector",
                    "affinity",
                    "tolerations",
                    "podAnnotations",
                    "priorityClassName" ->
                    cni.put(field, value);
                case "imagePullPolicy" -> cni.put("pullPolicy", value);
                case "overlays" -> {}
                default ->
                    problem(path + ".k8s." + field, "is not taken here; write it as an overlay");
              }
            });
    return cni.isEmpty() ? Map.of() : Map.of("cni", cni);
  }

  /** Values of the chart {@code gateway}. */
  Map<String, Object> gateway(String path, @Nullable Object k8s) {
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Object> service = new LinkedHashMap<>();
    Trees.map(k8s)
        .forEach(
            (field, value) -> {
              String here = path + "." + field;
              switch (field) {
                case "replicaCount",
                    "resources",
                    "nodeSelector",
                    "affinity",
                    "tolerations",
                    "podAnnotations",
                    "imagePullPolicy",
                    "priorityClassName",
                    "strategy",
                    "volumes",
                    "volumeMounts",
                    "securityContext" ->
                    values.put(field, value);
                case "env" -> values.put("env", environment(here, value));
                case "hpaSpec" -> {
                  Map<String, Object> scaling = new LinkedHashMap<>(scaling(here, value));
                  scaling.put("enabled", true);
                  values.put("autoscaling", scaling);
                }
                case "podDisruptionBudget" -> {
                  Map<String, Object> budget = new LinkedHashMap<>(Trees.map(value));
                  budget.remove("selector");
                  values.put(field, budget);
                }
                case "serviceAnnotations" -> service.put("annotations", value);
                case "service" -> service.putAll(service(here, Trees.map(value)));
                case "overlays" -> {}
                default -> problem(here, "is not taken here; write it as an overlay");
              }
            });
    if (!service.isEmpty()) {
      values.put("service", service);
    }
    return values;
  }

  private Map<String, Object> service(String path, Map<String, Object> written) {
    written
        .keySet()
        .forEach(
            field -> {
              if (!SERVICE.contains(field)) {
                problem(path + "." + field, "is not taken here; write it as an overlay");
              }
            });
    return written;
  }

  /** {@code minReplicas} and {@code maxReplicas}; their metric is the CPU. */
  private Map<String, Object> scaling(String path, @Nullable Object written) {
    Map<String, Object> bounds = new LinkedHashMap<>();
    Trees.map(written)
        .forEach(
            (field, value) -> {
              switch (field) {
                case "minReplicas", "maxReplicas" -> bounds.put(field, value);
                case "scaleTargetRef" -> {}
                default -> problem(path + "." + field, "is not taken here; write it as an overlay");
              }
            });
    return bounds;
  }

  private Map<String, Object> environment(String path, @Nullable Object written) {
    Map<String, Object> environment = new LinkedHashMap<>();
    for (Object each : Trees.list(written)) {
      Map<String, Object> variable = Trees.map(each);
      String name = Trees.text(variable.get("name"));
      if (name.isEmpty() || variable.get("valueFrom") != null) {
        problem(path, "'" + name + "' has no plain value; write it as an overlay");
      } else {
        environment.put(name, Trees.text(variable.get("value")));
      }
    }
    return environment;
  }

  List<Overlay> overlays(String path, @Nullable Object k8s) {
    List<Overlay> overlays = new ArrayList<>();
    for (Object each : Trees.list(Trees.map(k8s).get("overlays"))) {
      Map<String, Object> overlay = Trees.map(each);
      List<Overlay.Patch> patches = new ArrayList<>();
      for (Object patch : Trees.list(overlay.get("patches"))) {
        String where = Trees.text(Trees.map(patch).get("path"));
        if (where.isEmpty()) {
          problem(path + ".overlays", "a patch has no path");
        } else {
          patches.add(new Overlay.Patch(where, Trees.map(patch).get("value")));
        }
      }
      overlays.add(
          new Overlay(Trees.text(overlay.get("kind")), Trees.text(overlay.get("name")), patches));
    }
    return overlays;
  }

  private void problem(String path, String message) {
    problems.add(new Problem(path, message));
  }
}
