package dev.weft.proxy.xds;

import dev.weft.exchange.trace.SpanMaker;
import dev.weft.types.Json;
import dev.weft.types.Locality;
import dev.weft.xds.OnDemand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a pod tells its proxy: Istio's environment variables and files (Istio:
 * pkg/bootstrap/config.go, injection-template.yaml).
 *
 * @param role {@code sidecar} or {@code router}
 * @param domain DNS domain of the namespace ({@code default.svc.cluster.local})
 * @param discovery {@code host:port} of the control plane
 * @param caAddress {@code host:port} of the certificate authority
 * @param certificateLife how long certificates should be valid
 * @param onDemand whether the proxy asks for what its pod calls, instead of being told everything;
 *     sidecars only
 * @param meta node metadata
 */
public record ProxyEnvironment(
    String role,
    String podName,
    String namespace,
    String ip,
    String serviceAccount,
    String domain,
    String clusterId,
    String trustDomain,
    String discovery,
    String caAddress,
    String serverName,
    Path tokenFile,
    Path rootFile,
    Path stateDirectory,
    Duration terminationDrain,
    Duration certificateLife,
    boolean dnsCapture,
    boolean onDemand,
    Map<String, Object> meta,
    Map<String, String> labels) {
  private static final Pattern DURATION_PART =
      Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(ms|s|m|h)");
  private static final int MOST_LOOPS = 1024;
  private static final String PROXY_CONFIG = "PROXY_CONFIG";
  private static final String META = "ISTIO_META_";
  private static final String META_JSON = "ISTIO_METAJSON_";
  private static final String DEFAULT_DISCOVERY = "istiod.istio-system.svc:15012";

  public ProxyEnvironment {
    meta = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(meta));
    labels = Map.copyOf(labels);
  }

  /**
   * Reads environment and files.
   *
   * @param domain empty: derived from the namespace
   * @throws IllegalArgumentException naming the variable that is missing or malformed
   */
  public static ProxyEnvironment read(String role, String domain, Map<String, String> env) {
    String namespace = required(env, "POD_NAMESPACE");
    String podName = required(env, "POD_NAME");
    String ip = required(env, "INSTANCE_IP");
    Map<String, @Nullable Object> proxyConfig = proxyConfig(env);
    String discovery = text(proxyConfig, "discoveryAddress", DEFAULT_DISCOVERY);
    Path podFiles = Path.of(env.getOrDefault("WEFT_PODINFO_DIR", "/etc/istio/pod"));
    Map<String, String> labels = keyValues(podFiles.resolve("labels"));
    Map<String, Object> meta = meta(env);
    meta.putIfAbsent("NAME", podName);
    meta.putIfAbsent("NAMESPACE", namespace);
    meta.putIfAbsent("CLUSTER_ID", "Kubernetes");
    meta.put("INSTANCE_IPS", env.getOrDefault("INSTANCE_IPS", ip));
    meta.put("LABELS", labels);
    meta.put(PROXY_CONFIG, proxyConfig);
    meta.putIfAbsent("ISTIO_VERSION", "1.29-weft");
    Map<String, String> annotations = keyValues(podFiles.resolve("annotations"));
    if (!annotations.isEmpty()) {
      meta.put("ANNOTATIONS", annotations);
    }
    String serviceAccount = env.getOrDefault("SERVICE_ACCOUNT", "default");
    meta.putIfAbsent("SERVICE_ACCOUNT", serviceAccount);
    return new ProxyEnvironment(
        role,
        podName,
        namespace,
        ip,
        serviceAccount,
        domain.isEmpty() ? namespace + ".svc.cluster.local" : domain,
        String.valueOf(meta.get("CLUSTER_ID")),
        env.getOrDefault("TRUST_DOMAIN", "cluster.local"),
        discovery,
        env.getOrDefault("CA_ADDR", discovery),
        serverName(env, discovery),
        Path.of(env.getOrDefault("WEFT_TOKEN_FILE", "/var/run/secrets/tokens/istio-token")),
        Path.of(env.getOrDefault("WEFT_ROOT_FILE", "/var/run/secrets/istio/root-cert.pem")),
        Path.of(env.getOrDefault("WEFT_STATE_DIR", "/var/lib/istio/data")),
        duration(text(proxyConfig, "terminationDrainDuration", "5s")),
        certificateLife(env),
        "true".equals(meta.get("DNS_CAPTURE")),
        role.equals("sidecar") && "true".equals(meta.get(OnDemand.METADATA)),
        meta,
        labels);
  }

  /** {@code <type>~<ip>~<pod>.<ns>~<ns>.svc.<domain>}. */
  public String nodeId() {
    return role + "~" + ip + "~" + podName + "." + namespace + "~" + domain;
  }

  /** {@code <canonical name>.<namespace>}, or {@code istio-proxy}. */
  public String nodeCluster() {
    String name = labels.getOrDefault("service.istio.io/canonical-name", labels.get("app"));
    return name == null ? "istio-proxy" : name + "." + namespace;
  }

  /** What spans say of the proxy. */
  public SpanMaker spanMaker() {
    return new SpanMaker(nodeCluster(), nodeId(), locality().zone(), ip);
  }

  /** How many event loops {@code PROXY_CONFIG} wants; 0: as many as there are processors. */
  public int concurrency() {
    return meta.get(PROXY_CONFIG) instanceof Map<?, ?> config
            && config.get("concurrency") instanceof Number number
        ? Math.clamp(number.intValue(), 0, MOST_LOOPS)
        : 0;
  }

  /** From the label {@code istio-locality} ({@code region.zone.subzone}); the server knows more. */
  public Locality locality() {
    String label = labels.get("istio-locality");
    return label == null ? Locality.UNKNOWN : Locality.parse(label.replace('.', '/'));
  }

  private static String serverName(Map<String, String> env, String discovery) {
    String explicit = env.get("ISTIOD_SAN");
    if (explicit != null) {
      return explicit;
    }
    String host = dev.weft.types.HostPort.parse(discovery).host();
    return dev.weft.routing.IpLiteral.is(host) ? "istiod.istio-system.svc" : host;
  }

  /**
   * Istio's variable of the agent; at least ten seconds, so that renewals do not chase each other.
   */
  private static Duration certificateLife(Map<String, String> env) {
    Duration life;
    try {
      life = duration(env.getOrDefault("SECRET_TTL", "24h"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("environment variable SECRET_TTL: " + e.getMessage(), e);
    }
    if (life.compareTo(Duration.ofSeconds(10)) < 0) {
      throw new IllegalArgumentException(
          "environment variable SECRET_TTL: " + life + " is less than 10s");
    }
    return life;
  }

  private static String required(Map<String, String> env, String name) {
    String value = env.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "environment variable " + name + " is missing; injected pods have it");
    }
    return value;
  }

  private static Map<String, @Nullable Object> proxyConfig(Map<String, String> env) {
    String text = env.getOrDefault(PROXY_CONFIG, "");
    if (text.isBlank()) {
      return Map.of();
    }
    try {
      return Json.parseObject(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("environment variable PROXY_CONFIG: " + e.getMessage(), e);
    }
  }

  private static String text(Map<String, @Nullable Object> config, String key, String otherwise) {
    return config.get(key) instanceof String text && !text.isEmpty() ? text : otherwise;
  }

  private static Map<String, Object> meta(Map<String, String> env) {
    Map<String, Object> meta = new TreeMap<>();
    env.forEach(
        (name, value) -> {
          if (name.startsWith(META_JSON)) {
            try {
              Object json = Json.parse(value);
              if (json != null) {
                meta.put(name.substring(META_JSON.length()), json);
              }
            } catch (IllegalArgumentException e) {
              throw new IllegalArgumentException(
                  "environment variable " + name + ": " + e.getMessage(), e);
            }
          } else if (name.startsWith(META) && !value.isEmpty()) {
            meta.put(name.substring(META.length()), value);
          }
        });
    return meta;
  }

  /** Lines of {@code key="value"} as the downward API writes them. */
  static Map<String, String> keyValues(Path file) {
    Map<String, String> out = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          Object value = Json.parse(line.substring(equals + 1));
          out.put(line.substring(0, equals), String.valueOf(value));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // A pod without the volume has no labels to tell; a half-written file is read next time.
      return Map.of();
    }
    return out;
  }

  /** {@code 5s}, {@code 1m30s}, {@code 100ms}. */
  static Duration duration(String text) {
    Matcher part = DURATION_PART.matcher(text);
    Duration total = Duration.ZERO;
    int end = 0;
    while (part.lookingAt()) {
      double amount = Double.parseDouble(part.group(1));
      double millis =
          switch (part.group(2)) {
            case "ms" -> amount;
            case "s" -> amount * 1_000;
            case "m" -> amount * 60_000;
            default -> amount * 3_600_000;
          };
      total = total.plusMillis(Math.round(millis));
      end = part.end();
      part.region(end, text.length());
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException("'" + text + "' is not a duration like 5s");
    }
    return total;
  }
}
