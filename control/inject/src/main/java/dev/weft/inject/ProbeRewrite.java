package dev.weft.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Sends the kubelet's HTTP, TCP and gRPC probes of the application through the proxy, which asks
 * from inside the pod: strict mutual TLS would turn the kubelet away. Istio:
 * pkg/kube/inject/app_probe.go.
 */
final class ProbeRewrite {
  private static final String[][] PROBES = {
    {"readinessProbe", "readyz"}, {"livenessProbe", "livez"}, {"startupProbe", "startupz"}
  };
  private static final String[][] HOOKS = {{"preStop", "prestopz"}, {"postStart", "poststartz"}};

  private ProbeRewrite() {}

  /**
   * Rewrites the probes of a container in place.
   *
   * @param probers path on the proxy to what it shall do; gets the new ones
   */
  static void apply(ObjectNode container, int statusPort, ObjectNode probers) {
    String name = container.path("name").asText();
    for (String[] probe : PROBES) {
      if (container.path(probe[0]) instanceof ObjectNode found) {
        rewrite(container, found, "/app-health/" + name + "/" + probe[1], statusPort, probers);
      }
    }
    for (String[] hook : HOOKS) {
      if (container.path("lifecycle").path(hook[0]) instanceof ObjectNode found) {
        rewrite(container, found, "/app-lifecycle/" + name + "/" + hook[1], statusPort, probers);
      }
    }
  }

  private static void rewrite(
      ObjectNode container, ObjectNode probe, String path, int statusPort, ObjectNode probers) {
    for (String kind : new String[] {"httpGet", "tcpSocket", "grpc"}) {
      if (!(probe.path(kind) instanceof ObjectNode action)) {
        continue;
      }
      int port = port(container, action.path("port"));
      if (port < 1 || port == statusPort) {
        return;
      }
      ObjectNode prober = JsonNodeFactory.instance.objectNode();
      prober.set(kind, action.deepCopy().put("port", port));
      prober.put("timeoutSeconds", probe.path("timeoutSeconds").asInt(1));
      probers.set(path, prober);
      probe.remove(kind);
      probe.putObject("httpGet").put("path", path).put("port", statusPort);
      return;
    }
  }

  /** A number, or the number of a named port; 0 where there is no such name. */
  private static int port(ObjectNode container, JsonNode port) {
    if (port.isInt()) {
      return port.intValue();
    }
    for (JsonNode each : container.path("ports")) {
      if (each.path("name").asText().equals(port.asText())) {
        return each.path("containerPort").asInt();
      }
    }
    return port.asText().matches("\\d{1,5}") ? Integer.parseInt(port.asText()) : 0;
  }
}
