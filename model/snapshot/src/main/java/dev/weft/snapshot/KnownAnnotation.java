package dev.weft.snapshot;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An annotation that Istio defines. Istio: istio.io/api annotation/annotations.yaml. */
record KnownAnnotation(String name, Place place, Values values, boolean deprecated) {

  /** What an annotation belongs to. */
  enum Place {
    ANY("object"),
    NAMESPACE("namespace"),
    SERVICE("Service"),
    POD("pod"),
    /** Objects that are not looked at here. */
    OTHER("object of another kind");

    private final String word;

    Place(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** What it may be set to. */
  enum Values {
    ANYTHING(".*", "anything"),
    SWITCH("true|false|yes|no|on|off|[yntf01]", "true or false"),
    PORT("[0-9]{1,5}", "a port"),
    NUMBER("[0-9]+", "a number"),
    PORTS("|\\*|[0-9]{1,5}(\\s*,\\s*[0-9]{1,5})*", "a list of ports"),
    RANGES(
        "|\\*|[0-9a-fA-F.:]+/[0-9]{1,3}(\\s*,\\s*[0-9a-fA-F.:]+/[0-9]{1,3})*", "a list of ranges"),
    MODE("REDIRECT|TPROXY|NONE", "REDIRECT, TPROXY or NONE");

    private final Pattern pattern;
    private final String words;

    Values(String pattern, String words) {
      this.pattern = Pattern.compile(pattern, Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  private static final Map<String, KnownAnnotation> ALL =
      Stream.of(
              group(
                  Place.ANY,
                  Values.ANYTHING,
                  false,
                  "galley.istio.io/analyze-suppress",
                  "install.operator.istio.io/chart-owner",
                  "install.operator.istio.io/owner-generation",
                  "install.operator.istio.io/version",
                  "istio.io/rev"),
              group(
                  Place.NAMESPACE,
                  Values.ANYTHING,
                  false,
                  "topology.istio.io/controlPlaneClusters"),
              group(
                  Place.SERVICE,
                  Values.ANYTHING,
                  false,
                  "networking.istio.io/exportTo",
                  "networking.istio.io/traffic-distribution",
                  "traffic.istio.io/nodeSelector"),
              group(
                  Place.OTHER,
                  Values.ANYTHING,
                  false,
                  "gateway.istio.io/controller-version",
                  "gateway.istio.io/name-override",
                  "gateway.istio.io/service-account",
                  "istio.io/autoRegistrationGroup",
                  "istio.io/connectedAt",
                  "istio.io/disconnectedAt",
                  "istio.io/dry-run",
                  "istio.io/workloadController",
                  "networking.istio.io/address-type",
                  "networking.istio.io/service-type"),
              group(
                  Place.POD,
                  Values.ANYTHING,
                  false,
                  "ambient.istio.io/bypass-inbound-capture",
                  "ambient.istio.io/dns-capture",
                  "ambient.istio.io/redirection",
                  "inject.istio.io/templates",
                  "istio.io/reroute-virtual-interfaces",
                  "proxy.istio.io/config",
                  "proxy.istio.io/overrides",
                  "sidecar.istio.io/agentLogLevel",
                  "sidecar.istio.io/bootstrapOverride",
                  "sidecar.istio.io/componentLogLevel",
                  "sidecar.istio.io/extraStatTags",
                  "sidecar.istio.io/logLevel",
                  "sidecar.istio.io/proxyCPU",
                  "sidecar.istio.io/proxyCPULimit",
                  "sidecar.istio.io/proxyImage",
                  "sidecar.istio.io/proxyImageType",
                  "sidecar.istio.io/proxyMemory",
                  "sidecar.istio.io/proxyMemoryLimit",
                  "sidecar.istio.io/statsCompression",
                  "sidecar.istio.io/statsHistogramBuckets",
                  "sidecar.istio.io/status",
                  "sidecar.istio.io/userVolume",
                  "sidecar.istio.io/userVolumeMount",
                  "traffic.sidecar.istio.io/excludeInterfaces",
                  "traffic.sidecar.istio.io/kubevirtInterfaces"),
              group(
                  Place.POD,
                  Values.SWITCH,
                  false,
                  "prometheus.istio.io/merge-metrics",
                  "sidecar.istio.io/enableCoreDump",
                  "sidecar.istio.io/inject",
                  "sidecar.istio.io/nativeSidecar",
                  "sidecar.istio.io/rewriteAppHTTPProbers"),
              group(Place.POD, Values.MODE, false, "sidecar.istio.io/interceptionMode"),
              group(Place.POD, Values.PORT, false, "status.sidecar.istio.io/port"),
              group(
                  Place.POD,
                  Values.NUMBER,
                  false,
                  "readiness.status.sidecar.istio.io/failureThreshold",
                  "readiness.status.sidecar.istio.io/initialDelaySeconds",
                  "readiness.status.sidecar.istio.io/periodSeconds"),
              group(
                  Place.POD,
                  Values.PORTS,
                  false,
                  "readiness.status.sidecar.istio.io/applicationPorts",
                  "traffic.sidecar.istio.io/excludeInboundPorts",
                  "traffic.sidecar.istio.io/excludeOutboundPorts",
                  "traffic.sidecar.istio.io/includeInboundPorts",
                  "traffic.sidecar.istio.io/includeOutboundPorts"),
              group(
                  Place.POD,
                  Values.RANGES,
                  false,
                  "traffic.sidecar.istio.io/excludeOutboundIPRanges",
                  "traffic.sidecar.istio.io/includeOutboundIPRanges"),
              group(
                  Place.SERVICE,
                  Values.ANYTHING,
                  true,
                  "alpha.istio.io/canonical-serviceaccounts",
                  "alpha.istio.io/kubernetes-serviceaccounts"),
              group(
                  Place.POD,
                  Values.ANYTHING,
                  true,
                  "alpha.istio.io/identity",
                  "sidecar.istio.io/controlPlaneAuthPolicy",
                  "sidecar.istio.io/discoveryAddress",
                  "sidecar.istio.io/statsInclusionPrefixes",
                  "sidecar.istio.io/statsInclusionRegexps",
                  "sidecar.istio.io/statsInclusionSuffixes"))
          .flatMap(Function.identity())
          .collect(Collectors.toUnmodifiableMap(KnownAnnotation::name, Function.identity()));

  private static Stream<KnownAnnotation> group(
      Place place, Values values, boolean deprecated, String... names) {
    return Stream.of(names).map(name -> new KnownAnnotation(name, place, values, deprecated));
  }

  static Optional<KnownAnnotation> of(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  /** Whether a name is in Istio's domain, where nobody else may make up names. */
  static boolean ofIstio(String name) {
    int slash = name.indexOf('/');
    return slash > 0 && name.substring(0, slash).endsWith("istio.io");
  }

  boolean goesWith(Place object) {
    return place == Place.ANY || place == object;
  }

  boolean takes(String value) {
    return values.pattern.matcher(value.strip()).matches();
  }
}
