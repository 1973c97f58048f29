package dev.weft.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.InjectorValues;
import dev.weft.config.InjectorValues.Resources;
import dev.weft.inject.InjectionSettings.ProxyStart;
import dev.weft.types.MeshPorts;
import java.util.LinkedHashMap;
import java.util.Map;

/** What holds for the proxy of one pod: settings, refined by its annotations. */
record ProxyOptions(
    String image,
    Resources resources,
    String logLevel,
    String componentLogLevel,
    String agentLogLevel,
    String interceptionMode,
    String discoveryAddress,
    Map<String, String> metadata,
    ProxyStart start,
    int statusPort,
    boolean rewriteProbes,
    Readiness readiness,
    Capture capture,
    ObjectNode proxyConfig) {

  /** Seconds and counts of the readiness probe. */
  record Readiness(int initialDelay, int period, int failures) {}

  /** What is captured; {@code *} for everything, empty for nothing. */
  record Capture(
      String inboundPorts,
      String withoutInboundPorts,
      String outboundPorts,
      String withoutOutboundPorts,
      String outboundRanges,
      String withoutOutboundRanges,
      String withoutInterfaces) {}

  /**
   * What holds for a pod.
   *
   * @param labels of the pod
   */
  static ProxyOptions of(
      PodAnnotations annotations, Map<String, String> labels, InjectionInputs inputs)
      throws InvalidPodException {
    InjectionSettings settings = inputs.settings();
    ProxyConfig config =
        ProxyConfig.of(annotations, inputs.proxyConfigs(), inputs.namespace(), labels);
    Map<String, String> metadata = new LinkedHashMap<>(settings.proxyMetadata());
    metadata.putAll(config.proxyMetadata());
    String discovery =
        annotations.text(
            "sidecar.istio.io/discoveryAddress",
            config.text("discoveryAddress", settings.discoveryAddress()));
    int statusPort =
        annotations.number(
            "status.sidecar.istio.io/port",
            0,
            65535,
            config.number("statusPort", MeshPorts.MERGED_STATS));
    return new ProxyOptions(
        image(annotations, settings, config),
        resources(annotations, settings.resources()),
        annotations.level("sidecar.istio.io/logLevel", settings.logLevel()),
        annotations.scopedLevels(
            "sidecar.istio.io/componentLogLevel", settings.componentLogLevel()),
        annotations.scopedLevels("sidecar.istio.io/agentLogLevel", "default:info"),
        annotations.interceptionMode(
            "sidecar.istio.io/interceptionMode", config.text("interceptionMode", "REDIRECT")),
        discovery,
        metadata,
        start(annotations, settings, config),
        statusPort,
        annotations.flag("sidecar.istio.io/rewriteAppHTTPProbers", settings.rewriteAppProbes()),
        readiness(annotations),
        capture(annotations, settings),
        proxyConfig(config, settings, discovery, metadata));
  }

  private static String image(
      PodAnnotations annotations, InjectionSettings settings, ProxyConfig config) {
    String image = annotations.text("sidecar.istio.io/proxyImage", settings.image().reference());
    String type =
        annotations.text(
            "sidecar.istio.io/proxyImageType",
            config.fields().path("image").path("imageType").asText(""));
    return ProxyConfigs.ofType(image, type);
  }

  private static Resources resources(PodAnnotations annotations, Resources mesh)
      throws InvalidPodException {
    String cpu = "sidecar.istio.io/proxyCPU";
    String memory = "sidecar.istio.io/proxyMemory";
    boolean own =
        annotations.has(cpu)
            || annotations.has(memory)
            || annotations.has(cpu + "Limit")
            || annotations.has(memory + "Limit");
    // As with Istio's template: a pod that says anything about resources says everything.
    Resources base = own ? new Resources("", "", "", "") : mesh;
    return new Resources(
        annotations.quantity(cpu, base.cpu()),
        annotations.quantity(cpu + "Limit", base.cpuLimit()),
        annotations.quantity(memory, base.memory()),
        annotations.quantity(memory + "Limit", base.memoryLimit()));
  }

  private static ProxyStart start(
      PodAnnotations annotations, InjectionSettings settings, ProxyConfig config)
      throws InvalidPodException {
    boolean held =
        config.has("holdApplicationUntilProxyStarts")
            ? config.flag("holdApplicationUntilProxyStarts")
            : settings.proxyStart() != ProxyStart.TOGETHER;
    boolean sidecar =
        annotations.flag(
            "sidecar.istio.io/nativeSidecar", settings.proxyStart() == ProxyStart.NATIVE_SIDECAR);
    if (sidecar) {
      return ProxyStart.NATIVE_SIDECAR;
    }
    return held ? ProxyStart.HOLD_APPLICATION : ProxyStart.TOGETHER;
  }

  private static Readiness readiness(PodAnnotations annotations) throws InvalidPodException {
    String prefix = "readiness.status.sidecar.istio.io/";
    return new Readiness(
        annotations.number(prefix + "initialDelaySeconds", 0, 3600, 0),
        annotations.number(prefix + "periodSeconds", 1, 3600, 2),
        annotations.number(prefix + "failureThreshold", 1, 10_000, 30));
  }

  private static Capture capture(PodAnnotations annotations, InjectionSettings settings)
      throws InvalidPodException {
    String prefix = "traffic.sidecar.istio.io/";
    InjectorValues.Capture mesh = settings.capture();
    // Traffic of a virtual machine would pass the proxy by, in plain text.
    String why = "asks for virtual machines to be redirected, which is not supported";
    annotations.mustBeEmpty("istio.io/reroute-virtual-interfaces", why);
    annotations.mustBeEmpty(prefix + "kubevirtInterfaces", why);
    return new Capture(
        annotations.ports(prefix + "includeInboundPorts", true, mesh.inboundPorts()),
        annotations.ports(prefix + "excludeInboundPorts", false, mesh.withoutInboundPorts()),
        annotations.ports(prefix + "includeOutboundPorts", true, mesh.outboundPorts()),
        annotations.ports(prefix + "excludeOutboundPorts", false, mesh.withoutOutboundPorts()),
        annotations.ranges(prefix + "includeOutboundIPRanges", true, mesh.outboundRanges()),
        annotations.ranges(prefix + "excludeOutboundIPRanges", false, mesh.withoutOutboundRanges()),
        annotations.text(prefix + "excludeInterfaces", ""));
  }

  /**
   * What {@code PROXY_CONFIG} tells the proxy: the pod's own fields, and the mesh's where it has
   * none.
   */
  private static ObjectNode proxyConfig(
      ProxyConfig config,
      InjectionSettings settings,
      String discovery,
      Map<String, String> metadata) {
    ObjectNode merged = config.fields().deepCopy();
    merged.put("discoveryAddress", discovery);
    if (!settings.meshId().isEmpty() && !merged.has("meshId")) {
      merged.put("meshId", settings.meshId());
    }
    if (!metadata.isEmpty()) {
      ObjectNode values = merged.putObject("proxyMetadata");
      metadata.forEach(values::put);
    }
    return merged;
  }
}
