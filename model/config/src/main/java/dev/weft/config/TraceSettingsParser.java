package dev.weft.config;

import dev.weft.config.TraceProvider.Protocol;
import dev.weft.types.HeaderText;
import dev.weft.types.HostPort;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What MeshConfig says of traces: {@code extensionProviders} that take spans, {@code
 * defaultProviders.tracing}, {@code enableTracing} and {@code defaultConfig.tracing}. Istio:
 * pilot/pkg/networking/core/tracing.go.
 */
final class TraceSettingsParser {
  private static final String ZIPKIN_PATH = "/api/v2/spans";

  /** Istio's, for a collector that takes its time. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final int LONGEST_PATH = 65_536;
  private static final Pattern PATH = Pattern.compile("/[!-~]*");
  private static final String NOT_SENT = "no spans are sent there; zipkin and opentelemetry are";
  private static final List<String> OTHER_KINDS =
      List.of("lightstep", "datadog", "stackdriver", "opencensus", "skywalking");

  private TraceSettingsParser() {}

  /**
   * {@code defaultConfig.tracing}.
   *
   * @param address null where there is none
   */
  record OfProxies(
      @Nullable TraceProvider address,
      double sampling,
      Map<String, TraceTag> tags,
      int maxPathLength,
      boolean istioTags) {
    /** Where nothing is written. */
    static OfProxies none(TraceSettings defaults) {
      return new OfProxies(null, defaults.sampling(), Map.of(), 0, true);
    }
  }

  static TraceSettings read(TreeReader mesh, OfProxies proxies) {
    Map<String, TraceProvider> byName = new LinkedHashMap<>();
    List<Boolean> unused =
        mesh.objects(
            "extensionProviders",
            provider -> {
              // Those of other kinds are read elsewhere.
              provider.others();
              TraceProvider read = provider(provider);
              if (read != null) {
                byName.put(read.name().toLowerCase(Locale.ROOT), read);
              }
              return null;
            });
    TraceProvider usual = mesh.object("defaultProviders", r -> usual(r, byName));
    return new TraceSettings(
        byName,
        usual,
        mesh.bool("enableTracing", true) ? proxies.address() : null,
        proxies.sampling(),
        proxies.tags(),
        proxies.maxPathLength(),
        proxies.istioTags());
  }

  /** A proxy has one tracer, so that the first one counts. */
  private static @Nullable TraceProvider usual(TreeReader r, Map<String, TraceProvider> byName) {
    r.ignored("metrics", "accessLogging");
    List<String> names = r.strings("tracing");
    if (names.isEmpty()) {
      return null;
    }
    if (names.size() > 1) {
      r.warning(
          "unsupported-field", "tracing", "spans are sent to one provider, to " + names.getFirst());
    }
    TraceProvider usual = byName.get(names.getFirst().toLowerCase(Locale.ROOT));
    if (usual == null) {
      r.error(
          "tracing",
          "extensionProviders have no zipkin or opentelemetry "
              + names.getFirst()
              + ": nothing is traced; name one of "
              + byName.keySet());
    }
    return usual;
  }

  private static @Nullable TraceProvider provider(TreeReader provider) {
    String name = provider.string("name");
    OTHER_KINDS.forEach(kind -> provider.unsupported(kind, NOT_SENT));
    TraceProvider zipkin = provider.object("zipkin", r -> service(r, name, zipkin(r)));
    TraceProvider otlp = provider.object("opentelemetry", r -> service(r, name, otlp(r)));
    if (zipkin != null && otlp != null) {
      provider.error("opentelemetry", "one provider takes spans in one way: make it two");
      return null;
    }
    return zipkin == null ? otlp : zipkin;
  }

  private static Protocol zipkin(TreeReader r) {
    String path = r.string("path", ZIPKIN_PATH);
    r.unsupported("traceContextOption", "requests keep headers of W3C as they are; B3 is written");
    r.unsupported("timeout", "a collector has " + TIMEOUT.toSeconds() + " s to answer");
    r.unsupported("headers", "they are not sent");
    return new TraceProvider.Zipkin(
        usable(r, "path", path, ZIPKIN_PATH), r.bool("enable64bitTraceId", false));
  }

  private static Protocol otlp(TreeReader r) {
    Protocol http = r.object("http", TraceSettingsParser::http);
    r.unsupported("grpc", "a collector has " + TIMEOUT.toSeconds() + " s and no metadata");
    r.unsupported("resourceDetectors", "spans say service.name alone");
    r.unsupported("dynatraceSampler", "the percentage of the mesh decides");
    return http == null ? new TraceProvider.OtlpGrpc() : http;
  }

  private static Protocol http(TreeReader r) {
    String path = r.string("path", "/");
    Duration timeout = r.duration("timeout", TIMEOUT);
    if (timeout.isZero()) {
      r.error("timeout", "a time of more than nothing is needed: " + TIMEOUT.toSeconds() + "s is");
      timeout = TIMEOUT;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    List<Boolean> unused =
        r.objects(
            "headers",
            header -> {
              String name = header.string("name");
              String value = header.string("value");
              header.unsupported("envName", "the header is not sent");
              if (!HeaderText.isName(name)) {
                header.error("name", "'" + name + "' cannot be the name of a header: not sent");
              } else if (!value.isEmpty() && value.chars().allMatch(c -> c >= ' ' && c < 127)) {
                headers.put(name.toLowerCase(Locale.ROOT), value);
              } else if (!header.has("envName")) {
                header.error("value", "a text is needed: the header is not sent");
              }
              return null;
            });
    return new TraceProvider.OtlpHttp(usable(r, "path", path, "/"), timeout, headers);
  }

  private static String usable(TreeReader r, String key, String path, String otherwise) {
    String absolute = path.startsWith("/") ? path : "/" + path;
    if (PATH.matcher(absolute).matches()) {
      return absolute;
    }
    r.error(key, "'" + path + "' is no path: " + otherwise + " is taken");
    return otherwise;
  }

  private static @Nullable TraceProvider service(TreeReader r, String name, Protocol protocol) {
    String service = r.string("service");
    String host = service.substring(service.indexOf('/') + 1);
    int port = r.integer("port", 0, 1, 65535);
    int longest = r.integer("maxTagLength", 0, 0, LONGEST_PATH);
    boolean usable = true;
    if (host.isEmpty() || host.contains("*")) {
      r.error("service", "the host of a service is needed; until then no spans are sent there");
      usable = false;
    }
    if (port == 0) {
      r.error("port", "a port of the service is needed; until then no spans are sent there");
      usable = false;
    }
    if (name.isEmpty()) {
      r.error("service", "the provider has no name, so that nobody can name it");
      usable = false;
    }
    return usable ? new TraceProvider(name, host, port, longest, protocol) : null;
  }

  /** Of {@code defaultConfig}. */
  static OfProxies proxies(TreeReader r, TraceSettings defaults) {
    OTHER_KINDS.forEach(kind -> r.unsupported(kind, "no spans are sent there; zipkin is"));
    r.unsupported("openCensusAgent", "no spans are sent there; zipkin is");
    r.unsupported("tlsSettings", "a DestinationRule of the collector's host says how to reach it");
    TraceProvider address = r.object("zipkin", TraceSettingsParser::address);
    return new OfProxies(
        address,
        sampling(r, defaults.sampling()),
        TraceTagParser.read(r),
        r.integer("maxPathTagLength", 0, 0, LONGEST_PATH),
        r.bool("enableIstioTags", true));
  }

  private static double sampling(TreeReader r, double usual) {
    Double written = r.optionalNumber("sampling", 0, 100);
    if (written != null && written == 0) {
      r.warning(
          "unset-field",
          "sampling",
          "0 stands for the usual percentage here, which is "
              + BigDecimal.valueOf(usual).stripTrailingZeros().toPlainString()
              + ": randomSamplingPercentage of a Telemetry may be 0");
      return usual;
    }
    return written == null ? usual : written;
  }

  private static @Nullable TraceProvider address(TreeReader r) {
    String written = r.string("address");
    if (written.isEmpty()) {
      return null;
    }
    try {
      HostPort address = HostPort.parse(written);
      return new TraceProvider(
          "zipkin",
          address.host(),
          address.port(),
          0,
          new TraceProvider.Zipkin(ZIPKIN_PATH, false));
    } catch (IllegalArgumentException e) {
      r.error("address", e.getMessage() + "; until then no spans are sent");
      return null;
    }
  }
}
