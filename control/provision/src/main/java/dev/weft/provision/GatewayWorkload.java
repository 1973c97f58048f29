package dev.weft.provision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.IstioGatewaySpec.GatewayType;
import dev.weft.config.IstioGatewaySpec.Parts;
import dev.weft.config.IstioGatewaySpec.Port;
import dev.weft.inject.ProxyConfigs;
import dev.weft.types.ClusterId;
import dev.weft.types.HopLabel;
import dev.weft.types.MeshPorts;
import dev.weft.types.NetworkId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an IstioGateway is in one cluster: ServiceAccount, Deployment, Service, and what says how
 * many pods there are (Alibaba Cloud ASM: CRD fields of an ASM gateway).
 *
 * @param network of the cluster
 * @param starts how proxies are started
 */
record GatewayWorkload(
    IstioGatewaySpec gateway,
    ClusterId cluster,
    NetworkId network,
    ProxyConfigs starts,
    ProvisionSettings settings,
    Parts parts,
    List<Port> ports) {

  static GatewayWorkload of(
      IstioGatewaySpec gateway,
      ClusterId cluster,
      NetworkId network,
      ProxyConfigs starts,
      ProvisionSettings settings) {
    Parts parts = gateway.in(cluster);
    List<Port> ports = parts.ports().isEmpty() ? defaultPorts(gateway.type()) : parts.ports();
    return new GatewayWorkload(gateway, cluster, network, starts, settings, parts, ports);
  }

  private static List<Port> defaultPorts(GatewayType type) {
    Port status = new Port("status-port", MeshPorts.READINESS, 0, 0, "TCP");
    return switch (type) {
      case CROSS_NETWORK -> List.of(status, new Port("tls", MeshPorts.CROSS_NETWORK, 0, 0, "TCP"));
      case INGRESS, EGRESS ->
          List.of(
              status,
              new Port("http2", 80, 8080, 0, "TCP"),
              new Port("https", 443, 8443, 0, "TCP"));
    };
  }

  /** The name of all its objects. */
  static String objectName(IstioGatewaySpec gateway) {
    return "istio-" + gateway.meta().name();
  }

  List<Manifest> manifests() {
    List<Manifest> manifests = new ArrayList<>();
    manifests.add(Manifest.of(owned(ManagedKind.SERVICE_ACCOUNT)));
    manifests.add(Manifest.of(deployment()));
    if (GatewayScaling.follows(parts)) {
      ObjectNode scaler = owned(ManagedKind.HORIZONTAL_POD_AUTOSCALER);
      manifests.add(Manifest.of(GatewayScaling.scaler(scaler, parts, name())));
    }
    // A budget for a single pod would only keep its node from being emptied.
    if (GatewayScaling.min(parts) > 1) {
      ObjectNode budget = GatewayScaling.budget(owned(ManagedKind.POD_DISRUPTION_BUDGET));
      identity(budget.withObject("/spec/selector/matchLabels"));
      manifests.add(Manifest.of(budget));
    }
    manifests.add(Manifest.of(service()));
    return manifests;
  }

  String name() {
    return objectName(gateway);
  }

  private ObjectNode owned(ManagedKind kind) {
    ObjectNode body = Objects.named(kind, settings.rootNamespace(), name());
    ObjectNode labels = Objects.labels(body);
    labels.put(Ownership.GATEWAY, gateway.meta().name());
    identity(labels);
    return body;
  }

  /** The labels by which Gateway objects and Services select the pods. */
  private void identity(ObjectNode labels) {
    labels.put("app", name()).put("istio", gateway.meta().name());
  }

  private ObjectNode deployment() {
    ObjectNode body = owned(ManagedKind.DEPLOYMENT);
    networkLabel(Objects.labels(body));
    ObjectNode spec = body.putObject("spec");
    if (!GatewayScaling.follows(parts)) {
      spec.put("replicas", GatewayScaling.min(parts));
    }
    identity(spec.putObject("selector").putObject("matchLabels"));
    ObjectNode rolling =
        spec.putObject("strategy").put("type", "RollingUpdate").putObject("rollingUpdate");
    // New pods stand before old ones go: a proxy in the path of every request is never short.
    rolling.set("maxSurge", amount("rollingMaxSurge", "100%"));
    rolling.set("maxUnavailable", amount("rollingMaxUnavailable", "25%"));
    ObjectNode template = spec.putObject("template");
    ObjectNode metadata = template.putObject("metadata");
    Map<String, String> labels = podLabels();
    ObjectNode written = metadata.putObject("labels");
    labels.forEach(written::put);
    ObjectNode annotations = metadata.putObject("annotations");
    annotations
        .put("istio.io/rev", settings.revision())
        .put("prometheus.io/path", "/stats/prometheus")
        .put("prometheus.io/port", String.valueOf(MeshPorts.MERGED_STATS))
        .put("prometheus.io/scrape", "true");
    parts.podAnnotations().forEach(annotations::put);
    ProxyConfigs.Start start = starts.start(settings.rootNamespace(), labels);
    template.set("spec", new GatewayPod(this, start).spec());
    return body;
  }

  private Map<String, String> podLabels() {
    Map<String, String> labels = new LinkedHashMap<>(parts.podLabels());
    labels.put("app", name());
    labels.put("istio", gateway.meta().name());
    labels.put(Ownership.GATEWAY, gateway.meta().name());
    labels.put("service.istio.io/canonical-name", canonicalName());
    labels.put("service.istio.io/canonical-revision", "latest");
    labels.put("sidecar.istio.io/inject", "false");
    labels.put(HopLabel.POD_LABEL, HopLabel.POD_VALUE);
    if (saysItsNetwork()) {
      labels.put(ClusterArtefacts.NETWORK, network.value());
    }
    return labels;
  }

  private String canonicalName() {
    String name = name();
    return name.length() > 63 ? name.substring(0, 63).replaceAll("-+$", "") : name;
  }

  private boolean saysItsNetwork() {
    return gateway.type() == GatewayType.CROSS_NETWORK && network.isNamed();
  }

  private void networkLabel(ObjectNode labels) {
    if (saysItsNetwork()) {
      labels.put(ClusterArtefacts.NETWORK, network.value());
    }
  }

  /** A number or a percentage. */
  private JsonNode amount(String field, String otherwise) {
    Object written = parts.kubernetes().get(field);
    String text = written == null ? otherwise : written.toString();
    return text.matches("\\d{1,6}") ? Objects.tree(Integer.parseInt(text)) : Objects.tree(text);
  }

  private ObjectNode service() {
    ObjectNode body = owned(ManagedKind.SERVICE);
    ObjectNode labels = Objects.labels(body);
    networkLabel(labels);
    parts.serviceLabels().forEach(labels::put);
    if (!parts.serviceAnnotations().isEmpty()) {
      ObjectNode annotations = body.withObject("/metadata/annotations");
      parts.serviceAnnotations().forEach(annotations::put);
    }
    ObjectNode spec = body.putObject("spec");
    IstioGatewaySpec.ServiceType type = parts.serviceType();
    spec.put(
        "type",
        switch (type == null ? IstioGatewaySpec.ServiceType.LOAD_BALANCER : type) {
          case CLUSTER_IP -> "ClusterIP";
          case NODE_PORT -> "NodePort";
          case LOAD_BALANCER -> "LoadBalancer";
        });
    optional(spec, "loadBalancerClass", parts.loadBalancerClass());
    optional(spec, "loadBalancerIP", parts.loadBalancerIp());
    optional(spec, "externalTrafficPolicy", parts.externalTrafficPolicy());
    if (parts.kubernetes().get("loadBalancerSourceRanges") != null) {
      spec.set(
          "loadBalancerSourceRanges",
          Objects.tree(parts.kubernetes().get("loadBalancerSourceRanges")));
    }
    identity(spec.putObject("selector"));
    ArrayNode list = spec.putArray("ports");
    for (Port port : ports) {
      ObjectNode each =
          list.addObject()
              .put("name", port.name())
              .put("port", port.port())
              .put("targetPort", target(port))
              .put("protocol", port.protocol());
      if (port.nodePort() > 0) {
        each.put("nodePort", port.nodePort());
      }
    }
    return body;
  }

  static int target(Port port) {
    return port.targetPort() > 0 ? port.targetPort() : port.port();
  }

  private static void optional(ObjectNode spec, String field, @Nullable String value) {
    if (value != null) {
      spec.put(field, value);
    }
  }
}
