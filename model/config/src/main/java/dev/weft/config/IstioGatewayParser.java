package dev.weft.config;

import dev.weft.config.IstioGatewaySpec.GatewayType;
import dev.weft.config.IstioGatewaySpec.Parts;
import dev.weft.config.IstioGatewaySpec.Port;
import dev.weft.config.IstioGatewaySpec.ServiceType;
import dev.weft.types.ClusterId;
import dev.weft.types.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code istio.alibabacloud.com IstioGateway} (Alibaba Cloud ASM: CRD fields of an ASM gateway).
 */
final class IstioGatewayParser {
  private static final List<String> COPIED =
      List.of(
          "resources",
          "env",
          "nodeSelector",
          "affinity",
          "tolerations",
          "lifecycle",
          "readinessProbe",
          "dnsPolicy",
          "hostNetwork",
          "runAsRoot",
          "rollingMaxSurge",
          "rollingMaxUnavailable",
          "cpu",
          "memory",
          "loadBalancerSourceRanges",
          "secretVolumes",
          "configVolumes",
          "disableContainerPortExposed");

  private IstioGatewayParser() {}

  static IstioGatewaySpec read(ObjectMeta meta, TreeReader spec) {
    GatewayType type = GatewayType.INGRESS;
    String written = spec.string("gatewayType", "ingress");
    switch (written) {
      case "ingress" -> type = GatewayType.INGRESS;
      case "egress" -> type = GatewayType.EGRESS;
      case "cross-network" -> type = GatewayType.CROSS_NETWORK;
      default ->
          spec.error("gatewayType", "'" + written + "' is none of ingress, egress, cross-network");
    }
    List<ClusterId> clusters = new ArrayList<>();
    for (String id : spec.strings("clusterIds")) {
      if (Names.isLabel(id)) {
        clusters.add(new ClusterId(id));
      } else {
        spec.error("clusterIds", "'" + id + "' is not a cluster id");
      }
    }
    boolean serverless = IstioGatewaySpec.serverless(meta);
    if (serverless && !clusters.isEmpty()) {
      spec.warning(
          "gateway-without-cluster",
          "clusterIds",
          "the annotation "
              + IstioGatewaySpec.SERVERLESS
              + " lets the mesh run the gateway on its own side, so these clusters are not looked"
              + " at; remove one of both");
    } else if (!serverless && clusters.isEmpty()) {
      spec.warning(
          "gateway-without-cluster",
          "clusterIds",
          "a gateway without clusters runs nowhere; name the clusters that it should run in, or let"
              + " the mesh run it with the annotation "
              + IstioGatewaySpec.SERVERLESS
              + ": 'true'");
    }
    Parts parts = parts(spec);
    Map<ClusterId, Parts> overrides = new LinkedHashMap<>();
    spec.entries(
        "overrides",
        (id, reader) -> {
          Parts own = parts(reader);
          if (Names.isLabel(id)) {
            overrides.put(new ClusterId(id), own);
          } else {
            spec.error("overrides." + id, "'" + id + "' is not a cluster id");
          }
        });
    if (!serverless) {
      overrides.keySet().stream()
          .filter(id -> !clusters.contains(id))
          .forEach(
              id ->
                  spec.warning(
                      "gateway-override-unused",
                      "overrides." + id,
                      "the gateway does not run in " + id + ": add it to clusterIds"));
    }
    spec.unsupported("meshExpansionPorts", "write them in ports");
    spec.unsupported("applicationPorts", "write them in ports");
    return new IstioGatewaySpec(meta, type, clusters, parts, overrides);
  }

  private static Parts parts(TreeReader r) {
    Map<String, Object> copied = new LinkedHashMap<>();
    for (String key : COPIED) {
      Object value = r.any(key);
      if (value != null) {
        copied.put(key, value);
      }
    }
    for (String key : List.of("kernel", "compression", "sds")) {
      r.unsupported(key, "the gateway runs without it");
    }
    r.unsupported("autoCreateGatewayYaml", "write a Gateway object for the ports you want");
    String network = r.string("requestedNetworkView");
    return new Parts(
        r.optionalInteger("replicaCount", 0, 1000),
        r.optionalBool("autoscaleEnabled"),
        r.optionalInteger("minReplicas", 0, 1000),
        r.optionalInteger("maxReplicas", 0, 1000),
        serviceType(r),
        orNull(r.string("loadBalancerClass")),
        orNull(r.string("loadBalancerIP")),
        orNull(r.string("externalTrafficPolicy")),
        r.stringMap("serviceAnnotations"),
        r.stringMap("podAnnotations"),
        r.stringMap("serviceLabels"),
        r.stringMap("podLabels"),
        r.objects("ports", IstioGatewayParser::port),
        orNull(network),
        copied);
  }

  private static @Nullable ServiceType serviceType(TreeReader r) {
    return switch (r.string("serviceType")) {
      case "" -> null;
      case "ClusterIP" -> ServiceType.CLUSTER_IP;
      case "NodePort" -> ServiceType.NODE_PORT;
      case "LoadBalancer" -> ServiceType.LOAD_BALANCER;
      default -> {
        r.error("serviceType", "ClusterIP, NodePort or LoadBalancer is needed");
        yield null;
      }
    };
  }

  private static Port port(TreeReader r) {
    int port = r.integer("port", 0, 1, 65535);
    if (!r.has("port")) {
      r.error("port", "a port number is needed");
    }
    return new Port(
        r.string("name", "port-" + port),
        port,
        r.integer("targetPort", 0, 0, 65535),
        r.integer("nodePort", 0, 0, 65535),
        r.string("protocol", "TCP"));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
