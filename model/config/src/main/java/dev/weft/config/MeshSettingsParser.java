package dev.weft.config;

import dev.weft.config.MeshSettings.GatewayAddress;
import dev.weft.config.MeshSettings.MeshNetwork;
import dev.weft.config.MeshSettings.OutboundPolicy;
import dev.weft.config.MeshSettings.UnknownNetworkPolicy;
import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.Names;
import dev.weft.types.NetworkId;
import dev.weft.types.TrustDomain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the ConfigMap {@code istio}: Istio's MeshConfig under the key {@code mesh}, its networks
 * under {@code meshNetworks}. The mesh's own settings stand in MeshConfig under the key {@code
 * weft}: {@code compatibility: istio}, {@code meshVipRange}, {@code certificateLifetime}, {@code
 * maxCertificateLifetime}, {@code debounceQuiet}, {@code debounceMax}.
 */
public final class MeshSettingsParser {
  private static final List<String> OTHER_PROXY_CONFIG =
      List.of(
          "discoveryAddress",
          "configPath",
          "binaryPath",
          "serviceCluster",
          "drainDuration",
          "statusPort",
          "proxyAdminPort",
          "controlPlaneAuthPolicy",
          "terminationDrainDuration",
          "concurrency",
          "meshId",
          "holdApplicationUntilProxyStarts");
  // Istio's, which change nothing in what is supported here.
  private static final List<String> WITHOUT_EFFECT =
      List.of(
          "enablePrometheusMerge",
          "ingressControllerMode",
          "ingressClass",
          "ingressService",
          "ingressSelector",
          "protocolDetectionTimeout",
          "dnsRefreshRate",
          "proxyListenPort",
          "proxyInboundListenPort",
          "proxyHttpPort",
          "configSources",
          "certificates",
          "enableEnvoyAccessLogService",
          "disableEnvoyListenerLog");

  private MeshSettingsParser() {}

  /** The settings that can be used, and what was wrong. */
  public record Read(MeshSettings settings, List<Diagnostic> diagnostics) {
    public Read {
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /**
   * Reads the settings. A field that is wrong keeps its default; everything else takes effect.
   *
   * @param mesh the tree under {@code mesh}; empty for none
   * @param networks the tree under {@code meshNetworks}; empty for none
   */
  public static Read read(Map<String, ?> mesh, Map<String, ?> networks, MeshSettings defaults) {
    return read("ConfigMap " + defaults.rootNamespace() + "/istio", mesh, networks, defaults);
  }

  /**
   * Reads the settings out of another object than usual.
   *
   * @param object for messages, such as {@code ConfigMap istio-system/istio-canary}
   */
  public static Read read(
      String object, Map<String, ?> mesh, Map<String, ?> networks, MeshSettings defaults) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    TreeReader r = new TreeReader(mesh, object, "mesh", diagnostics);
    Weft weft =
        Optional.ofNullable(r.object("weft", w -> Weft.read(w, defaults)))
            .orElse(Weft.of(defaults));
    ProxyConfig proxy =
        Optional.ofNullable(r.object("defaultConfig", p -> proxyConfig(p, defaults)))
            .orElse(
                new ProxyConfig(
                    Map.of(),
                    defaults.discoveryAddress(),
                    "",
                    TraceSettingsParser.OfProxies.none(defaults.traces())));
    OutboundPolicy outbound =
        r.object("outboundTrafficPolicy", o -> o.constant("mode", OutboundPolicy.class));
    PathNormalization paths =
        r.object(
            "pathNormalization",
            p -> p.constant("normalization", PathNormalization.class, "DEFAULT"));
    LocalityLoadBalancing locality = r.object("localityLbSetting", LocalityParser::read);
    String dnsCapture = proxy.metadata().getOrDefault("ISTIO_META_DNS_CAPTURE", "");
    List<TrustDomain> aliases = new ArrayList<>();
    r.strings("trustDomainAliases")
        .forEach(a -> trustDomain(r, "trustDomainAliases", a).ifPresent(aliases::add));
    Map<String, Boolean> clusterLocal = new LinkedHashMap<>();
    r.objects(
        "serviceSettings",
        s -> {
          Boolean local = s.object("settings", x -> x.bool("clusterLocal", false));
          s.strings("hosts").forEach(h -> clusterLocal.put(h, local != null && local));
          return null;
        });
    AccessLog accessLog = accessLog(r, defaults.accessLog());
    MeshSettings settings =
        new MeshSettings(
            trustDomain(r, "trustDomain", r.string("trustDomain", defaults.trustDomain().value()))
                .orElse(defaults.trustDomain()),
            aliases,
            defaults.domainSuffix(),
            r.string("rootNamespace", defaults.rootNamespace()),
            r.bool("enableAutoMtls", defaults.autoMtls()),
            dnsCapture.isEmpty() ? defaults.dnsProxy() : dnsCapture.equals("true"),
            accessLog,
            LogProvidersParser.read(r, accessLog),
            TraceSettingsParser.read(r, proxy.traces()),
            outbound == null ? defaults.outboundPolicy() : outbound,
            r.duration("connectTimeout", defaults.connectTimeout()),
            weft.unknownNetworks(),
            networks(new TreeReader(networks, object, "meshNetworks", diagnostics)),
            clusterLocal,
            locality == null ? defaults.localityLoadBalancing() : locality,
            weft.vipRange(),
            weft.certificateLifetime(),
            weft.maxCertificateLifetime(),
            proxy.discoveryAddress(),
            proxy.metadata(),
            ExternalAuthorizerParser.read(r),
            r.string("meshId", proxy.meshId()),
            weft.quiet(),
            weft.max(),
            discovery(r, diagnostics, defaults.discovery()),
            new DefaultExports(
                exports(r, "defaultServiceExportTo"),
                exports(r, "defaultVirtualServiceExportTo"),
                exports(r, "defaultDestinationRuleExportTo")),
            paths == null ? defaults.paths() : paths,
            retries(r, diagnostics, defaults.retries()),
            defaults.injector());
    WITHOUT_EFFECT.forEach(r::ignored);
    r.done();
    return new Read(settings, diagnostics);
  }

  /** Istio takes '.', '*' and '~' here, and no names. */
  private static List<String> exports(TreeReader r, String key) {
    List<String> written = r.strings(key);
    for (String each : written) {
      if (!List.of(".", "*", "~").contains(each)) {
        r.error(key, "'" + each + "' is none of '.', '*' and '~': only objects name namespaces");
      }
    }
    return written.stream().filter(List.of(".", "*", "~")::contains).toList();
  }

  /** One with a mistake in it holds nowhere, as in a VirtualService. */
  private static Retries retries(TreeReader r, List<Diagnostic> diagnostics, Retries otherwise) {
    int before = diagnostics.size();
    Retries written = r.object("defaultHttpRetryPolicy", RetriesParser::read);
    return written == null || wrongSince(before, diagnostics) ? otherwise : written;
  }

  /** One that cannot be read would select what nobody asked for, so none of them is used. */
  private static Discovery discovery(
      TreeReader r, List<Diagnostic> diagnostics, Discovery otherwise) {
    int before = diagnostics.size();
    Discovery written = new Discovery(r.objects("discoverySelectors", LabelSelectorParser::read));
    return wrongSince(before, diagnostics) ? otherwise : written;
  }

  private static boolean wrongSince(int before, List<Diagnostic> diagnostics) {
    return diagnostics.subList(before, diagnostics.size()).stream()
        .anyMatch(d -> d.severity() == Diagnostic.Severity.ERROR);
  }

  private record ProxyConfig(
      Map<String, String> metadata,
      String discoveryAddress,
      String meshId,
      TraceSettingsParser.OfProxies traces) {}

  private static ProxyConfig proxyConfig(TreeReader r, MeshSettings defaults) {
    OTHER_PROXY_CONFIG.forEach(r::ignored);
    TraceSettingsParser.OfProxies traces =
        r.object("tracing", t -> TraceSettingsParser.proxies(t, defaults.traces()));
    r.unsupported("image", "the built-in proxy is used");
    return new ProxyConfig(
        r.stringMap("proxyMetadata"),
        r.string("discoveryAddress", defaults.discoveryAddress()),
        r.string("meshId"),
        traces == null ? TraceSettingsParser.OfProxies.none(defaults.traces()) : traces);
  }

  private record Weft(
      UnknownNetworkPolicy unknownNetworks,
      String vipRange,
      Duration certificateLifetime,
      Duration maxCertificateLifetime,
      Duration quiet,
      Duration max) {
    static Weft of(MeshSettings d) {
      return new Weft(
          d.unknownNetworks(),
          d.meshVipRange(),
          d.certificateLifetime(),
          d.maxCertificateLifetime(),
          d.debounceQuiet(),
          d.debounceMax());
    }

    static Weft read(TreeReader r, MeshSettings d) {
      String compatibility = r.string("compatibility", "none");
      if (!compatibility.equals("istio") && !compatibility.equals("none")) {
        r.error("compatibility", "istio or none is needed");
      }
      return new Weft(
          compatibility.equals("istio") ? UnknownNetworkPolicy.ISTIO : d.unknownNetworks(),
          r.string("meshVipRange", d.meshVipRange()),
          r.duration("certificateLifetime", d.certificateLifetime()),
          r.duration("maxCertificateLifetime", d.maxCertificateLifetime()),
          r.duration("debounceQuiet", d.debounceQuiet()),
          r.duration("debounceMax", d.debounceMax()));
    }
  }

  private static Optional<TrustDomain> trustDomain(TreeReader r, String key, String text) {
    try {
      return Optional.of(new TrustDomain(text));
    } catch (IllegalArgumentException e) {
      r.error(key, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static AccessLog accessLog(TreeReader r, AccessLog defaults) {
    String path = r.has("accessLogFile") ? r.string("accessLogFile") : defaults.path();
    String encoding = r.string("accessLogEncoding");
    boolean json = encoding.equals("JSON");
    if (!json && !encoding.isEmpty() && !encoding.equals("TEXT")) {
      r.error("accessLogEncoding", "TEXT or JSON is needed");
    }
    Object format = r.any("accessLogFormat");
    if (format instanceof Map<?, ?>) {
      Map<String, String> fields = r.stringMap("accessLogFormat");
      boolean usable = true;
      for (Map.Entry<String, String> field : fields.entrySet()) {
        usable &= RouteChecks.format(r, "accessLogFormat." + field.getKey(), field.getValue());
      }
      return new AccessLog(
          path, usable ? new AccessLog.Format.CustomJson(fields) : defaults.format());
    }
    return switch (r.string("accessLogFormat")) {
      case "" ->
          new AccessLog(
              path,
              encoding.isEmpty()
                  ? defaults.format()
                  : json ? new AccessLog.Format.IstioJson() : new AccessLog.Format.Text());
      case "asm" -> new AccessLog(path, new AccessLog.Format.Asm());
      case "istio-json" -> new AccessLog(path, new AccessLog.Format.IstioJson());
      case "text" -> new AccessLog(path, new AccessLog.Format.Text());
      default -> {
        String text = r.string("accessLogFormat");
        if (json) {
          r.error(
              "accessLogFormat",
              "with accessLogEncoding JSON a map of names to operators is needed");
        }
        // With a format that proxies refuse there would be no listener left.
        yield new AccessLog(
            path,
            RouteChecks.format(r, "accessLogFormat", text)
                ? new AccessLog.Format.CustomText(text)
                : defaults.format());
      }
    };
  }

  private static Map<NetworkId, MeshNetwork> networks(TreeReader r) {
    Map<NetworkId, MeshNetwork> networks = new LinkedHashMap<>();
    r.entries(
        "networks",
        (name, network) -> {
          List<ClusterId> registries = new ArrayList<>();
          List<String> ranges = new ArrayList<>();
          network.objects(
              "endpoints",
              e -> {
                String registry = e.string("fromRegistry");
                if (Names.isLabel(registry)) {
                  registries.add(ClusterId.of(registry));
                }
                if (e.has("fromCidr")) {
                  ranges.add(e.string("fromCidr"));
                }
                return null;
              });
          List<GatewayAddress> gateways = network.objects("gateways", MeshSettingsParser::gateway);
          if (Names.isLabel(name)) {
            networks.put(new NetworkId(name), new MeshNetwork(registries, ranges, gateways));
          } else {
            r.error("networks." + name, "a network's name must be a DNS label");
          }
        });
    r.done();
    return networks;
  }

  private static GatewayAddress gateway(TreeReader g) {
    int port = g.integer("port", 15443, 1, 65535);
    g.ignored("locality");
    String address = g.string("address");
    return address.isEmpty()
        ? new GatewayAddress.Registry(g.string("registryServiceName"), port)
        : new GatewayAddress.Address(new HostPort(address, port));
  }
}
