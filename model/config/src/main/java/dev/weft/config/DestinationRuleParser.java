package dev.weft.config;

import dev.weft.config.DestinationRule.Subset;
import dev.weft.config.TrafficPolicy.ClientTls;
import dev.weft.config.TrafficPolicy.ConnectionPool;
import dev.weft.config.TrafficPolicy.H2Upgrade;
import dev.weft.config.TrafficPolicy.HashKey;
import dev.weft.config.TrafficPolicy.LoadBalancer;
import dev.weft.config.TrafficPolicy.OutlierDetection;
import dev.weft.config.TrafficPolicy.Policy;
import dev.weft.types.HeaderText;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code networking.istio.io DestinationRule}. */
final class DestinationRuleParser {
  private static final int MOST = Integer.MAX_VALUE;

  private static final Pattern SUBSET = Pattern.compile("[A-Za-z0-9._-]+");

  private static final String CREDENTIAL_OF_GATEWAYS = "credential-of-gateways";

  private DestinationRuleParser() {}

  static DestinationRule read(ObjectMeta meta, TreeReader spec) {
    String host = spec.string("host");
    if (host.isEmpty()) {
      spec.error("host", "a host is needed");
    }
    Map<String, String> selector = new LinkedHashMap<>();
    spec.object(
        "workloadSelector",
        s -> {
          selector.putAll(s.stringMap("matchLabels"));
          return null;
        });
    TrafficPolicy policy = policyOf(spec);
    if (selector.isEmpty() && policy.tls() != null && !policy.tls().credentialName().isEmpty()) {
      String told =
          "gateways use the Secret, sidecars do not: they show no certificate and verify with the"
              + " roots of the system; a rule with a workloadSelector gives it to the sidecars that"
              + " it selects";
      String field = "trafficPolicy.tls.credentialName";
      if (policy.tls().mode() == ClientTls.Mode.MUTUAL) {
        // Half of what was asked for.
        spec.warning(CREDENTIAL_OF_GATEWAYS, field, told);
      } else {
        spec.note(CREDENTIAL_OF_GATEWAYS, field, told);
      }
    }
    List<Subset> subsets = spec.objects("subsets", DestinationRuleParser::subset);
    Set<String> names = new HashSet<>();
    for (Subset subset : subsets) {
      if (!names.add(subset.name())) {
        spec.warning(
            "duplicate-subset",
            "subsets",
            "two subsets have the name '" + subset.name() + "', the first one counts; rename one");
      }
    }
    return new DestinationRule(meta, host, policy, subsets, spec.strings("exportTo"), selector);
  }

  private static Subset subset(TreeReader r) {
    String name = r.string("name");
    if (name.isEmpty()) {
      r.error("name", "a subset needs a name");
    } else if (!SUBSET.matcher(name).matches()) {
      // The names of clusters and the server names between networks are made of it.
      r.error("name", "'" + name + "' has other characters than letters, digits, '-', '_' and '.'");
    }
    return new Subset(name, r.stringMap("labels"), policyOf(r));
  }

  private static TrafficPolicy policyOf(TreeReader r) {
    TrafficPolicy policy = r.object("trafficPolicy", DestinationRuleParser::policy);
    return policy == null ? TrafficPolicy.NONE : policy;
  }

  private static TrafficPolicy policy(TreeReader r) {
    Map<Integer, TrafficPolicy> ports = new LinkedHashMap<>();
    r.objects(
        "portLevelSettings",
        p -> {
          Integer number = p.object("port", n -> n.integer("number", 0, 1, 65535));
          TrafficPolicy policy = parts(p, Map.of());
          if (number == null || number == 0) {
            p.error("port", "a port number is needed");
          } else {
            ports.put(number, policy);
          }
          return policy;
        });
    r.unsupported("tunnel", "connections are not tunnelled");
    r.unsupported("proxyProtocol", "no PROXY header is sent");
    r.unsupported("retryBudget", "retries are only limited by connectionPool.http.maxRetries");
    return parts(r, ports);
  }

  private static TrafficPolicy parts(TreeReader r, Map<Integer, TrafficPolicy> ports) {
    return new TrafficPolicy(
        r.object("loadBalancer", DestinationRuleParser::loadBalancer),
        r.object("connectionPool", DestinationRuleParser::connectionPool),
        r.object("outlierDetection", DestinationRuleParser::outlierDetection),
        r.object("tls", DestinationRuleParser::tls),
        ports);
  }

  private static LoadBalancer loadBalancer(TreeReader r) {
    Policy policy =
        switch (r.string("simple")) {
          case "", "UNSPECIFIED" -> new Policy.Unspecified();
          case "ROUND_ROBIN" -> new Policy.RoundRobin();
          case "LEAST_REQUEST", "LEAST_CONN" -> new Policy.LeastRequest();
          case "RANDOM" -> new Policy.Random();
          case "PASSTHROUGH" -> new Policy.Passthrough();
          default -> {
            r.error(
                "simple",
                "none of ROUND_ROBIN, LEAST_REQUEST, RANDOM, PASSTHROUGH: " + r.string("simple"));
            yield new Policy.Unspecified();
          }
        };
    Policy hash = r.object("consistentHash", DestinationRuleParser::consistentHash);
    if (hash != null && r.has("simple")) {
      r.error("consistentHash", "cannot stand beside simple; keep one");
    }
    LocalityLoadBalancing locality = r.object("localityLbSetting", LocalityParser::read);
    Duration warmup = r.duration("warmupDurationSecs", Duration.ZERO);
    Duration newer =
        r.object(
            "warmup",
            w -> {
              w.unsupported("minimumPercent", "a new endpoint starts at 10 %");
              w.unsupported("aggression", "the share grows evenly");
              return w.duration("duration");
            });
    r.unsupported("zoneAwareLbSetting", "use localityLbSetting");
    return new LoadBalancer(
        hash != null ? hash : policy,
        locality,
        warmup(r, hash != null ? hash : policy, newer != null ? newer : warmup));
  }

  /** Envoy's slow start, which two of its policies know. */
  private static Duration warmup(TreeReader r, Policy policy, Duration length) {
    boolean grows =
        switch (policy) {
          case Policy.Unspecified unspecified -> true;
          case Policy.RoundRobin robin -> true;
          case Policy.LeastRequest least -> true;
          case Policy.Random random -> false;
          case Policy.Passthrough passthrough -> false;
          case Policy.ConsistentHash hash -> false;
        };
    if (!grows && !length.isZero()) {
      r.warning(
          "unsupported-field",
          r.has("warmup") ? "warmup" : "warmupDurationSecs",
          "new endpoints get their whole share at once: only ROUND_ROBIN and LEAST_REQUEST let it"
              + " grow");
    }
    return grows ? length : Duration.ZERO;
  }

  private static @Nullable Policy consistentHash(TreeReader r) {
    Long ring = null;
    if (r.has("minimumRingSize")) {
      ring = (long) r.integer("minimumRingSize", 1024, 1, 8 << 20);
    }
    Long ofRing = r.object("ringHash", h -> (long) h.integer("minimumRingSize", 1024, 1, 8 << 20));
    boolean maglev = r.has("maglev");
    r.object(
        "maglev",
        m -> {
          m.ignored("tableSize");
          return null;
        });
    HashKey key;
    if (r.has("httpHeaderName")) {
      String header = r.string("httpHeaderName");
      if (!HeaderText.isName(header)) {
        r.error("httpHeaderName", "'" + header + "' is not the name of a header");
      }
      key = new HashKey.Header(header);
    } else if (r.has("httpQueryParameterName")) {
      key = new HashKey.QueryParameter(r.string("httpQueryParameterName"));
    } else if (r.bool("useSourceIp", false)) {
      key = new HashKey.SourceIp();
    } else {
      key = r.object("httpCookie", DestinationRuleParser::cookie);
    }
    if (key == null) {
      r.error(
          "httpHeaderName",
          "say what is hashed: httpHeaderName, httpCookie, useSourceIp or httpQueryParameterName");
      return null;
    }
    long size = ofRing != null ? ofRing : ring != null ? ring : 1024;
    return new Policy.ConsistentHash(key, size, maglev);
  }

  private static HashKey cookie(TreeReader r) {
    String name = r.string("name");
    if (!HeaderText.isName(name)) {
      r.error("name", "'" + name + "' is not the name of a cookie");
    }
    r.unsupported("attributes", "the cookie that is made has a path and a lifetime alone");
    return new HashKey.Cookie(name, RouteChecks.plain(r, "path"), r.duration("ttl"));
  }

  private record Tcp(
      @Nullable Integer maxConnections,
      @Nullable Duration connectTimeout,
      @Nullable Duration maxConnectionDuration,
      @Nullable Duration idleTimeout) {}

  private record Http(
      @Nullable Integer pending,
      @Nullable Integer requests,
      @Nullable Integer perConnection,
      @Nullable Integer retries,
      @Nullable Duration idleTimeout,
      @Nullable Integer streams,
      H2Upgrade upgrade,
      boolean useClientProtocol) {}

  private static ConnectionPool connectionPool(TreeReader r) {
    Tcp tcp =
        r.object(
            "tcp",
            t -> {
              t.ignored("tcpKeepalive");
              return new Tcp(
                  t.optionalInteger("maxConnections", 0, MOST),
                  RouteChecks.length(t, "connectTimeout"),
                  RouteChecks.length(t, "maxConnectionDuration"),
                  t.duration("idleTimeout"));
            });
    Http http =
        r.object(
            "http",
            h -> {
              H2Upgrade upgrade = h.constant("h2UpgradePolicy", H2Upgrade.class);
              return new Http(
                  h.optionalInteger("http1MaxPendingRequests", 0, MOST),
                  h.optionalInteger("http2MaxRequests", 0, MOST),
                  h.optionalInteger("maxRequestsPerConnection", 0, MOST),
                  h.optionalInteger("maxRetries", 0, MOST),
                  h.duration("idleTimeout"),
                  h.optionalInteger("maxConcurrentStreams", 0, MOST),
                  upgrade == null ? H2Upgrade.DEFAULT : upgrade,
                  h.bool("useClientProtocol", false));
            });
    return new ConnectionPool(
        tcp == null ? null : tcp.maxConnections(),
        tcp == null ? null : tcp.connectTimeout(),
        tcp == null ? null : tcp.maxConnectionDuration(),
        tcp == null ? null : tcp.idleTimeout(),
        http == null ? null : http.pending(),
        http == null ? null : http.requests(),
        http == null ? null : http.perConnection(),
        http == null ? null : http.retries(),
        http == null ? null : http.idleTimeout(),
        http == null ? null : http.streams(),
        http == null ? H2Upgrade.DEFAULT : http.upgrade(),
        http != null && http.useClientProtocol());
  }

  private static OutlierDetection outlierDetection(TreeReader r) {
    Integer deprecated = r.optionalInteger("consecutiveErrors", 0, MOST);
    Integer gateway = r.optionalInteger("consecutiveGatewayErrors", 0, MOST);
    return new OutlierDetection(
        r.optionalInteger("consecutive5xxErrors", 0, MOST),
        gateway != null ? gateway : deprecated,
        r.optionalInteger("consecutiveLocalOriginFailures", 0, MOST),
        r.bool("splitExternalLocalOriginErrors", false),
        RouteChecks.length(r, "interval"),
        RouteChecks.length(r, "baseEjectionTime"),
        r.optionalInteger("maxEjectionPercent", 0, 100),
        r.optionalInteger("minHealthPercent", 0, 100));
  }

  private static @Nullable ClientTls tls(TreeReader r) {
    ClientTls.Mode mode = r.constant("mode", ClientTls.Mode.class);
    r.unsupported("caCrl", "revocation is not checked");
    if (r.has("credentialName")
        && (r.has("clientCertificate") || r.has("privateKey") || r.has("caCertificates"))) {
      r.error(
          "credentialName",
          "a Secret and files exclude each other: take clientCertificate, privateKey and"
              + " caCertificates away, or this");
    }
    ClientTls tls =
        new ClientTls(
            mode == null ? ClientTls.Mode.DISABLE : mode,
            r.string("sni"),
            List.copyOf(r.strings("subjectAltNames")),
            r.string("credentialName"),
            r.string("clientCertificate"),
            r.string("privateKey"),
            r.string("caCertificates"),
            r.bool("insecureSkipVerify", false));
    return tls;
  }
}
