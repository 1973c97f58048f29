package dev.weft.install;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gateway by which other networks enter a cluster, as an IstioOperator. Istio:
 * samples/multicluster/gen-eastwest-gateway.sh.
 */
final class EastWestGateway {
  private static final String NAME = "istio-eastwestgateway";

  private EastWestGateway() {}

  /**
   * @param network that the gateway leads into; empty where only clusters without a control plane
   *     enter by it
   * @param revision empty for the default one
   */
  static Map<String, Object> operator(String network, String revision) {
    Map<String, Object> label = new LinkedHashMap<>();
    label.put("istio", "eastwestgateway");
    label.put("app", NAME);
    Map<String, Object> kubernetes = new LinkedHashMap<>();
    Map<String, Object> values = new LinkedHashMap<>();
    if (!network.isEmpty()) {
      label.put(Marks.NETWORK, network);
      kubernetes.put(
          "env", List.of(ordered("name", "ISTIO_META_REQUESTED_NETWORK_VIEW", "value", network)));
      values.put("global", Map.of("network", network));
    }
    kubernetes.put(
        "service",
        Map.of(
            "ports",
            List.of(
                port("status-port", 15021),
                port("tls", 15443),
                port("tls-istiod", 15012),
                port("tls-webhook", 15017))));
    values.put("gateways", Map.of(Profile.INGRESS, Map.of("injectionTemplate", "gateway")));
    Map<String, Object> spec = new LinkedHashMap<>();
    if (!revision.isEmpty()) {
      spec.put("revision", revision);
    }
    spec.put("profile", "empty");
    spec.put(
        "components",
        Map.of(
            "ingressGateways",
            List.of(ordered("name", NAME, "label", label, "enabled", true, "k8s", kubernetes))));
    spec.put("values", values);
    return ordered(
        "apiVersion",
        IstioOperator.API_VERSION,
        "kind",
        IstioOperator.KIND,
        "metadata",
        Map.of("name", "eastwest"),
        "spec",
        spec);
  }

  private static Map<String, Object> port(String name, int number) {
    return ordered("name", name, "port", number, "targetPort", number);
  }

  private static Map<String, Object> ordered(Object... entries) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      tree.put(String.valueOf(entries[i]), entries[i + 1]);
    }
    return tree;
  }
}
