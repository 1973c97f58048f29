package dev.weft.control.status;

import static dev.weft.control.status.Schema.bool;
import static dev.weft.control.status.Schema.constants;
import static dev.weft.control.status.Schema.field;
import static dev.weft.control.status.Schema.intOrString;
import static dev.weft.control.status.Schema.integer;
import static dev.weft.control.status.Schema.labels;
import static dev.weft.control.status.Schema.list;
import static dev.weft.control.status.Schema.map;
import static dev.weft.control.status.Schema.object;
import static dev.weft.control.status.Schema.open;
import static dev.weft.control.status.Schema.port;
import static dev.weft.control.status.Schema.required;
import static dev.weft.control.status.Schema.string;
import static dev.weft.control.status.Schema.strings;

import dev.weft.control.status.Schema.Field;
import java.util.List;
import java.util.Map;

/** Schemas of member clusters and of gateways that the mesh runs. */
final class MeshSchemas {
  private static final String LABEL = "^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$";

  private MeshSchemas() {}

  static Map<String, Object> memberCluster() {
    Map<String, Object> network = string();
    network.put("pattern", LABEL);
    network.put(
        "description",
        "The logical network: pods of one network reach each other directly. Empty: not named.");
    Map<String, Object> address = string();
    address.put("pattern", "^$|^.+:[0-9]{1,5}$");
    address.put(
        "description",
        "ip:port under which clients reach the proxy, instead of its own load balancer.");
    Map<String, Object> enabled = bool();
    enabled.put("description", "Whether other networks enter this one through a proxy here.");
    Map<String, Object> serverless = bool();
    serverless.put("description", "Whether gateways that name no cluster run in this one.");
    return object(
        field("network", network),
        field("crossClusterProxy", object(field("enabled", enabled), field("address", address))),
        field("serverlessGateways", serverless));
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

  private static List<Field> gatewayParts() {
    return List.of(
        field("replicaCount", integer()),
        field("autoscaleEnabled", bool()),
        field("minReplicas", integer()),
        field("maxReplicas", integer()),
        field("cpu", open()),
        field("memory", open()),
        field("serviceType", constants("ClusterIP", "NodePort", "LoadBalancer")),
        field("loadBalancerClass", string()),
        field("loadBalancerIP", string()),
        field("loadBalancerSourceRanges", strings()),
        field("externalTrafficPolicy", string()),
        field("serviceAnnotations", labels()),
        field("podAnnotations", labels()),
        field("serviceLabels", labels()),
        field("podLabels", labels()),
        field(
            "ports",
            list(
                required(
                    object(
                        field("name", string()),
                        field("port", port()),
                        field("targetPort", port()),
                        field("nodePort", port()),
                        field("protocol", string())),
                    "port"))),
        field("requestedNetworkView", string()),
        field("resources", open()),
        field("env", open()),
        field("sds", open()),
        field("nodeSelector", labels()),
        field("affinity", open()),
        field("tolerations", list(open())),
        field("secretVolumes", list(open())),
        field("configVolumes", list(open())),
        field("rollingMaxSurge", intOrString()),
        field("rollingMaxUnavailable", intOrString()),
        field("kernel", open()),
        field("compression", open()),
        field("runAsRoot", bool()),
        field("lifecycle", open()),
        field("readinessProbe", open()),
        field("hostNetwork", bool()),
        field("dnsPolicy", string()),
        field("autoCreateGatewayYaml", bool()),
        field("disableContainerPortExposed", bool()));
  }

  static Map<String, Object> istioGateway() {
    return object(
        gatewayParts(),
        field("gatewayType", constants("ingress", "egress", "cross-network")),
        field("clusterIds", strings()),
        field("overrides", map(object(gatewayParts()))),
        field("meshExpansionPorts", list(open())),
        field("applicationPorts", string()));
  }
}
