package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.Json;

/** What a Service gets where its author says nothing. Addresses come from the allocator. */
public final class ServiceDefaults {
  private ServiceDefaults() {}

  public static void service(ObjectNode spec) {
    Defaulting.text(spec, "type", "ClusterIP");
    Defaulting.text(spec, "sessionAffinity", "None");
    if (Json.text(spec, "sessionAffinity").equals("ClientIP")) {
      Defaulting.number(
          Defaulting.child(Defaulting.child(spec, "sessionAffinityConfig"), "clientIP"),
          "timeoutSeconds",
          10800);
    }
    String type = Json.text(spec, "type");
    for (ObjectNode port : Json.objects(spec.get("ports"))) {
      Defaulting.text(port, "protocol", "TCP");
      boolean unset =
          Defaulting.missing(port, "targetPort")
              || port.get("targetPort").asText().isEmpty()
              || port.get("targetPort").asText().equals("0");
      if (unset && port.has("port")) {
        port.set("targetPort", port.get("port"));
      }
    }
    if (type.equals("ExternalName")) {
      return;
    }
    Defaulting.text(spec, "internalTrafficPolicy", "Cluster");
    if (!spec.path("ipFamilies").isArray()) {
      spec.putArray("ipFamilies").add("IPv4");
    }
    Defaulting.text(spec, "ipFamilyPolicy", "SingleStack");
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      Defaulting.text(spec, "externalTrafficPolicy", "Cluster");
    }
    if (type.equals("LoadBalancer")) {
      Defaulting.flag(spec, "allocateLoadBalancerNodePorts", true);
    }
  }
}
