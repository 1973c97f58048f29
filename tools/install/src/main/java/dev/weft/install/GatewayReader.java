package dev.weft.install;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From a gateway of an IstioOperator to values of the chart {@code gateway}. */
final class GatewayReader {
  /** The values of gateways as IstioOperators have them, under {@code values.gateways.<name>}. */
  static final Set<String> VALUES =
      Set.of(
          "name",
          "labels",
          "env",
          "type",
          "ports",
          "loadBalancerIP",
          "loadBalancerSourceRanges",
          "externalTrafficPolicy",
          "externalIPs",
          "serviceAnnotations",
          "podAnnotations",
          "resources",
          "nodeSelector",
          "tolerations",
          "replicaCount",
          "autoscaleEnabled",
          "autoscaleMin",
          "autoscaleMax",
          "injectionTemplate");

  private static final List<Map<String, Object>> EGRESS_PORTS =
      List.of(
          Map.of("name", "http2", "port", 80, "protocol", "TCP", "targetPort", 80),
          Map.of("name", "https", "port", 443, "protocol", "TCP", "targetPort", 443));

  private final KubernetesSettings settings;
  private final Map<String, Object> values;
  private final String namespace;
  private final String revision;
  private final List<Problem> problems;

  GatewayReader(
      KubernetesSettings settings,
      Map<String, Object> values,
      String namespace,
      String revision,
      List<Problem> problems) {
    this.settings = settings;
    this.values = values;
    this.namespace = namespace;
    this.revision = revision;
    this.problems = problems;
  }

  /**
   * @param plain the name of the profile's gateway of this side, whose values count for all of it
   */
  IstioOperator.Gateway read(String path, Map<String, Object> written, String plain) {
    String name = Trees.text(written.get("name"));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("name", name);
    result.put("revision", revision.equals("default") ? "" : revision);
    result.put("global", Map.of("istioNamespace", namespace));
    if (plain.equals(Profile.EGRESS)) {
      result.put("service", Map.of("type", "ClusterIP", "ports", EGRESS_PORTS));
    }
    Map<String, Object> global = Trees.map(values.get("global"));
    for (String common : List.of("imagePullPolicy", "imagePullSecrets", "priorityClassName")) {
      if (global.get(common) != null) {
        result.put(common, global.get(common));
      }
    }
    Map<String, Object> all =
        Trees.merged(result, translated(Trees.map(Trees.at(values, "gateways", plain))));
    if (!Trees.map(written.get("label")).isEmpty()) {
      all = Trees.with(all, Trees.map(written.get("label")), "labels");
    }
    all = Trees.merged(all, settings.gateway(path + ".k8s", written.get("k8s")));
    String own = Trees.text(written.get("namespace"));
    return new IstioOperator.Gateway(name, own.isEmpty() ? namespace : own, all);
  }

  private Map<String, Object> translated(Map<String, Object> written) {
    Map<String, Object> result = new LinkedHashMap<>();
    Map<String, Object> service = new LinkedHashMap<>();
    Map<String, Object> scaling = new LinkedHashMap<>();
    written.forEach(
        (key, value) -> {
          switch (key) {
            case "labels",
                "env",
                "podAnnotations",
                "resources",
                "nodeSelector",
                "tolerations",
                "replicaCount" ->
                result.put(key, value);
            case "type",
                "ports",
                "loadBalancerIP",
                "loadBalancerSourceRanges",
                "externalTrafficPolicy",
                "externalIPs" ->
                service.put(key, value);
            case "serviceAnnotations" -> service.put("annotations", value);
            case "autoscaleEnabled" -> scaling.put("enabled", value);
            case "autoscaleMin" -> scaling.put("minReplicas", value);
            case "autoscaleMax" -> scaling.put("maxReplicas", value);
            case "injectionTemplate" -> {
              if (!Trees.text(value).equals("gateway")) {
                problems.add(
                    new Problem(
                        "spec.values.gateways.*.injectionTemplate",
                        "'" + value + "' is not gateway, the only template of gateways"));
              }
            }
            default -> {
              // The name is the component's; what is unknown has been found before.
            }
          }
        });
    if (!service.isEmpty()) {
      result.put("service", service);
    }
    if (!scaling.isEmpty()) {
      result.put("autoscaling", scaling);
    }
    return result;
  }
}
