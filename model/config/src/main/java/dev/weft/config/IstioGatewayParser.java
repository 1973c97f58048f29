package dev.weft.config;

import static dev.weft.config.Shape.field;

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
  private static final Shape OPEN_LIST = new Shape.ListOf(Shape.Simple.OPEN);

  /** What Kubernetes reads. */
  private static final Shape.Fields COPIED =
      Shape.Fields.of(
          field("resources", Shape.Simple.OPEN),
          field("env", Shape.Simple.OPEN),
          field("nodeSelector", Shape.LABELS),
          field("affinity", Shape.Simple.OPEN),
          field("tolerations", OPEN_LIST),
          field("lifecycle", Shape.Simple.OPEN),
          field("readinessProbe", Shape.Simple.OPEN),
          field("dnsPolicy", Shape.TEXT),
          field("hostNetwork", Shape.Simple.FLAG),
          field("runAsRoot", Shape.Simple.FLAG),
          field("rollingMaxSurge", Shape.Simple.WHOLE_OR_TEXT),
          field("rollingMaxUnavailable", Shape.Simple.WHOLE_OR_TEXT),
          field("cpu", Shape.Simple.OPEN),
          field("memory", Shape.Simple.OPEN),
          field("loadBalancerSourceRanges", Shape.TEXTS),
          field("secretVolumes", OPEN_LIST),
          field("configVolumes", OPEN_LIST),
          field("disableContainerPortExposed", Shape.Simple.FLAG));

  private IstioGatewayParser() {}

  static IstioGatewaySpec read(ObjectMeta meta, TreeReader spec) {
    GatewayType type =
        switch (spec.choice("gatewayType", "ingress", "egress", "cross-network")) {
          case "egress" -> GatewayType.EGRESS;
          case "cross-network" -> GatewayType.CROSS_NETWORK;
          default -> GatewayType.INGRESS;
        };
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
    spec.unsupported("meshExpansionPorts", OPEN_LIST, "write them in ports");
    spec.unsupported("applicationPorts", Shape.TEXT, "write them in ports");
    return new IstioGatewaySpec(meta, type, clusters, parts, overrides);
  }

  private static Parts parts(TreeReader r) {
    Map<String, Object> copied = new LinkedHashMap<>();
    COPIED
        .fields()
        .forEach(
            (key, shape) -> {
              Object value = r.any(key, shape);
              if (value != null) {
                copied.put(key, value);
              }
            });
    for (String key : List.of("kernel", "compression", "sds")) {
      r.unsupported(key, "the gateway runs without it");
    }
    r.unsupported(
        "autoCreateGatewayYaml",
        Shape.Simple.FLAG,
        "write a Gateway object for the ports you want");
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
    return switch (r.choice("serviceType", "ClusterIP", "NodePort", "LoadBalancer")) {
      case "ClusterIP" -> ServiceType.CLUSTER_IP;
      case "NodePort" -> ServiceType.NODE_PORT;
      case "LoadBalancer" -> ServiceType.LOAD_BALANCER;
      default -> null;
    };
  }

  private static Port port(TreeReader r) {
    r.required("port");
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
