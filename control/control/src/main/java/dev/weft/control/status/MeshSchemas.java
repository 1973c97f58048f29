package dev.weft.control.status;

import static dev.weft.control.status.Schema.bool;
import static dev.weft.control.status.Schema.field;
import static dev.weft.control.status.Schema.intOrString;
import static dev.weft.control.status.Schema.integer;
import static dev.weft.control.status.Schema.list;
import static dev.weft.control.status.Schema.object;
import static dev.weft.control.status.Schema.open;
import static dev.weft.control.status.Schema.required;
import static dev.weft.control.status.Schema.string;
import static dev.weft.control.status.Schema.strings;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Schemas of what the control plane writes, and words about the fields of its own kinds. */
final class MeshSchemas {
  private static final String LABEL = "^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$";

  private MeshSchemas() {}

  /** What people are told of the fields of a MemberCluster, and what is refused at once. */
  static Map<String, Object> memberCluster(Map<String, Object> spec) {
    Map<String, Object> network = property(spec, "network");
    network.put("pattern", LABEL);
    network.put(
        "description",
        "The logical network: pods of one network reach each other directly. Empty: not named.");
    Map<String, Object> proxy = property(spec, "crossClusterProxy");
    Map<String, Object> address = property(proxy, "address");
    address.put("pattern", "^$|^.+:[0-9]{1,5}$");
    address.put(
        "description",
        "ip:port under which clients reach the proxy, instead of its own load balancer.");
    property(proxy, "enabled")
        .put("description", "Whether other networks enter this one through a proxy here.");
    property(spec, "serverlessGateways")
        .put("description", "Whether gateways that name no cluster run in this one.");
    return spec;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> property(Map<String, Object> object, String name) {
    Map<String, Map<String, Object>> properties =
        (Map<String, Map<String, Object>>) Objects.requireNonNull(object.get("properties"));
    return Objects.requireNonNull(properties.get(name));
  }

  static Map<String, Object> memberClusterStatus() {
    return object(
        field("phase", string()),
        field("message", string()),
        field("network", string()),
        field(
            "crossClusterProxy",
            object(
                field("enabled", bool()),
                field("gateway", string()),
                field("addresses", strings()),
                field("readyReplicas", integer()))),
        field("services", integer()),
        field("endpoints", integer()),
        field("proxies", integer()),
        field("observedGeneration", intOrString()),
        field("validationMessages", list(open())),
        field("conditions", conditions()));
  }

  /** Istio's {@code IstioStatus}, and what controllers of others put beside it. */
  static Map<String, Object> status() {
    Map<String, Object> status = open();
    status.put(
        "properties",
        Map.of(
            "observedGeneration", intOrString(),
            "validationMessages", list(open()),
            "conditions", conditions()));
    return status;
  }

  /** Everybody who writes a condition owns that one. */
  private static Map<String, Object> conditions() {
    Map<String, Object> condition = open();
    condition.put("properties", Map.of("type", string()));
    Map<String, Object> conditions = list(required(condition, "type"));
    conditions.put("x-kubernetes-list-type", "map");
    conditions.put("x-kubernetes-list-map-keys", List.of("type"));
    return conditions;
  }
}
