package dev.weft.apiserver.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.document.FieldError;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.document.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks Services. */
public final class ServiceValidation {
  private static final List<String> TYPES =
      List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");

  private ServiceValidation() {}

  public static void service(
      ObjectNode service,
      Optional<ObjectNode> old,
      ServiceAddresses addresses,
      List<FieldError> errors) {
    JsonNode spec = service.path("spec");
    String type = Json.text(spec, "type");
    PodValidation.oneOf("spec.type", type, TYPES, errors);
    String clusterIp = Json.text(spec, "clusterIP");
    List<ObjectNode> ports = Json.objects(spec.get("ports"));
    if (ports.isEmpty() && !type.equals("ExternalName") && !clusterIp.equals("None")) {
      errors.add(FieldError.required("spec.ports", ""));
    }
    if (type.equals("ExternalName") && Json.text(spec, "externalName").isEmpty()) {
      errors.add(FieldError.required("spec.externalName", ""));
    }
    ports(ports, errors);
    PodValidation.oneOf(
        "spec.sessionAffinity",
        Json.text(spec, "sessionAffinity"),
        List.of("ClientIP", "None"),
        errors);
    if (!clusterIp.isEmpty() && !clusterIp.equals("None") && !addresses.contains(clusterIp)) {
      errors.add(
          FieldError.invalid(
              "spec.clusterIPs",
              Json.array().add(clusterIp),
              "failed to allocate IP "
                  + clusterIp
                  + ": the provided IP ("
                  + clusterIp
                  + ") is not in the valid range. The range of valid IPs is "
                  + addresses.range()));
    }
    String before = old.map(o -> Json.text(o, "spec", "clusterIP")).orElse("");
    boolean stays =
        !type.equals("ExternalName")
            && old.map(o -> !Json.text(o, "spec", "type").equals("ExternalName")).orElse(false);
    if (stays && !before.isEmpty() && !clusterIp.isEmpty() && !before.equals(clusterIp)) {
      errors.add(
          FieldError.invalid(
              "spec.clusterIPs[0]", Json.array().add(clusterIp), "may not change once set"));
    }
  }

  private static void ports(List<ObjectNode> ports, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      ObjectNode port = ports.get(i);
      String at = "spec.ports[" + i + "]";
      if (!Json.has(port, "port")) {
        errors.add(FieldError.required(at + ".port", ""));
      } else {
        PodValidation.number(at + ".port", port.get("port"), errors);
      }
      String name = Json.text(port, "name");
      if (name.isEmpty() && ports.size() > 1) {
        errors.add(FieldError.required(at + ".name", ""));
      } else if (!name.isEmpty() && !Names.label(name)) {
        errors.add(FieldError.invalid(at + ".name", name, Names.LABEL_RULE));
      } else if (!name.isEmpty() && !names.add(name)) {
        errors.add(FieldError.duplicate(at + ".name", name));
      }
      JsonNode target = port.path("targetPort");
      if (target.isIntegralNumber()) {
        PodValidation.number(at + ".targetPort", target, errors);
      }
      PodValidation.oneOf(
          at + ".protocol", Json.text(port, "protocol"), List.of("SCTP", "TCP", "UDP"), errors);
      if (!numbers.add(Json.text(port, "protocol") + "/" + Json.text(port, "port"))) {
        errors.add(
            FieldError.duplicate(
                at,
                Json.object()
                    .put("port", port.path("port").asInt())
                    .put("protocol", Json.text(port, "protocol"))));
      }
    }
  }
}
