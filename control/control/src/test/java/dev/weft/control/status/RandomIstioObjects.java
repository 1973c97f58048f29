package dev.weft.control.status;

import dev.weft.config.ConfigKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Objects of the Istio API at random: every field that the schemas have, with values that people
 * write and with odd ones. Confined to a test.
 */
final class RandomIstioObjects {
  private static final List<Object> ODD_NUMBERS =
      List.of(-1, 0, 0.5, 100.1, 99, 304, 600, 65536, 2_147_483_647, 99_999_999_999L);
  private static final List<Object> ODD_TEXTS =
      List.of(
          "",
          "100%",
          "100%%",
          "%NOPE%",
          "%REQ(x)%",
          "a b",
          "a\r\nb: c",
          "x\u0000y",
          "ä",
          "\\1",
          "(a",
          "(?=a)",
          "*",
          "..",
          "/",
          "-1s",
          "1000000h",
          "soon",
          "10.0.0.0/99",
          "1.2.3.4.5",
          "foo",
          "99999999999",
          "x".repeat(5000));
  private static final List<Object> HOSTS =
      List.of(
          "web",
          "other.shop.svc.cluster.local",
          "raw",
          "db",
          "tls",
          "outside.example",
          "*.example",
          "nobody");
  private static final List<Object> DURATIONS = List.of("5s", "1ms", "1.5s", "10m", "24h");
  private static final Set<String> TIMES =
      Set.of(
          "timeout",
          "perTryTimeout",
          "fixedDelay",
          "exponentialDelay",
          "backoff",
          "maxAge",
          "ttl",
          "warmupDurationSecs",
          "duration",
          "connectTimeout",
          "maxConnectionDuration",
          "interval",
          "idleTimeout",
          "time",
          "baseEjectionTime");

  /** What is written in a field of that name, wherever it stands. */
  private static final Map<String, List<Object>> WRITTEN =
      Map.ofEntries(
          Map.entry("host", HOSTS),
          Map.entry("hosts", HOSTS),
          Map.entry("sniHosts", List.of("outside.example", "*.example")),
          Map.entry("authority", List.of("web", "a.example:8080")),
          Map.entry("gateways", List.of("mesh", "front", "shop/front", "shop/nobody")),
          Map.entry("exportTo", List.of("*", ".", "shop")),
          Map.entry("subset", List.of("v1", "v2")),
          Map.entry("destinationSubnets", List.of("10.0.0.0/8", "10.96.0.3", "::/0")),
          Map.entry("sourceSubnet", List.of("10.0.0.0/8")),
          Map.entry("sourceNamespace", List.of("shop", "else")),
          Map.entry("retryOn", List.of("5xx", "503,reset", "retriable-headers", "unavailable, ,")),
          Map.entry("grpcStatus", List.of("UNAVAILABLE", "OK")),
          Map.entry("exact", List.of("/", "v1", "a.example")),
          Map.entry("prefix", List.of("/", "/api", "v")),
          Map.entry("regex", List.of(".*", "a+", "/[^/]+/b")),
          Map.entry("match", List.of(".*", "/(.*)")),
          Map.entry("rewrite", List.of("/x")),
          Map.entry("uri", List.of("/", "/x", "/a b")),
          Map.entry("scheme", List.of("http", "https")),
          Map.entry("string", List.of("hello", "100%", "x".repeat(5000))),
          Map.entry("simple", List.of("ROUND_ROBIN", "PASSTHROUGH")),
          Map.entry("protocol", List.of("HTTP", "HTTPS", "TCP", "TLS", "GRPC", "HTTP2", "MONGO")),
          Map.entry("derivePort", List.of("FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT")),
          Map.entry("bind", List.of("127.0.0.1", "::", "0.0.0.0")),
          Map.entry("credentialName", List.of("till", "cacert")),
          Map.entry("serverCertificate", List.of("/etc/c.pem")),
          Map.entry("clientCertificate", List.of("/etc/c.pem")),
          Map.entry("privateKey", List.of("/etc/k.pem")),
          Map.entry("caCertificates", List.of("/etc/r.pem", "system")),
          Map.entry("caCrl", List.of("/etc/crl.pem")),
          Map.entry("minProtocolVersion", List.of("TLS_AUTO", "TLSV1_0", "TLSV1_2", "TLSV1_3")),
          Map.entry("maxProtocolVersion", List.of("TLS_AUTO", "TLSV1_1", "TLSV1_2", "TLSV1_3")),
          Map.entry("cipherSuites", List.of("ECDHE-RSA-AES256-GCM-SHA384", "AES128-SHA")),
          Map.entry("sni", List.of("a.example")),
          Map.entry("subjectAltNames", List.of("a.example", "spiffe://x/y")),
          Map.entry("verifyCertificateHash", List.of("ab".repeat(32))),
          Map.entry("verifyCertificateSpki", List.of("A".repeat(43) + "=")),
          Map.entry("from", List.of("region1", "region2", "region3")),
          Map.entry("failoverPriority", List.of("topology.istio.io/network", "version=v1")),
          Map.entry("status", List.of(200, 418, 503, 599)),
          Map.entry("httpStatus", List.of(418, 503)),
          Map.entry("redirectCode", List.of(301, 308)),
          Map.entry("tableSize", List.of(251, 65537)),
          Map.entry("allowMethods", List.of("GET", "*")),
          Map.entry("unmatchedPreflights", List.of("FORWARD", "IGNORE")),
          Map.entry("to", List.of(100)));

  /** Names of fields that are free. */
  private static final List<String> KEYS = List.of("x-a", "app", "version", "8080");

  private static final List<String> PLACES = List.of("region1/*", "region2/*");

  private static final List<String> ODD_KEYS = List.of(":authority", "x b", "", "a\nb");

  /** Objects whose fields need each other so much that chance hardly makes them. */
  private static final Map<String, List<Map<String, Object>>> WHOLE =
      Map.of(
          "servers",
          List.of(
              Map.of(
                  "port",
                  Map.of("number", 443, "name", "https", "protocol", "HTTPS"),
                  "hosts",
                  List.of("a.example"),
                  "tls",
                  Map.of(
                      "mode",
                      "SIMPLE",
                      "serverCertificate",
                      "/etc/c.pem",
                      "privateKey",
                      "/etc/k.pem")),
              Map.of(
                  "port",
                  Map.of("number", 8443, "name", "https-two", "protocol", "HTTPS"),
                  "hosts",
                  List.of("c.example"),
                  "tls",
                  Map.of(
                      "mode",
                      "SIMPLE",
                      "tlsCertificates",
                      List.of(
                          Map.of(
                              "serverCertificate",
                              "/etc/c.pem",
                              "privateKey",
                              "/etc/k.pem",
                              "caCertificates",
                              "/etc/r.pem")))),
              Map.of(
                  "port",
                  Map.of("number", 80, "name", "http", "protocol", "HTTP"),
                  "hosts",
                  List.of("b.example"),
                  "tls",
                  Map.of("httpsRedirect", true))),
          "httpCookie",
          List.of(
              Map.of(
                  "name",
                  "user",
                  "ttl",
                  "5s",
                  "attributes",
                  List.of(Map.of("name", "SameSite", "value", "Strict")))));

  /** Of the fields of one object, those of which at most one makes sense. */
  private static final List<List<String>> CHOICES =
      List.of(
          List.of("route", "redirect", "directResponse", "delegate"),
          List.of("exact", "prefix", "regex"),
          List.of("simple", "consistentHash"),
          List.of("httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName"),
          List.of("distribute", "failover", "failoverPriority"),
          List.of("uri", "uriRegexRewrite"),
          List.of("credentialName", "credentialNames", "tlsCertificates", "serverCertificate"));

  /** Fields of one object that exclude each other, and may both be left out. */
  private static final List<List<String>> NOT_TOGETHER =
      List.of(
          List.of("uri", "prefixRewrite"),
          List.of("minimumRingSize", "ringHash"),
          List.of("minimumRingSize", "maglev"),
          List.of("ringHash", "maglev"),
          List.of("localityLbSetting", "zoneAwareLbSetting"),
          List.of("mirror", "mirrors"),
          List.of("fixedDelay", "exponentialDelay"),
          List.of("httpStatus", "http2Error"),
          List.of("credentialName", "caCertificates"),
          List.of("credentialName", "clientCertificate"),
          List.of("credentialName", "privateKey"),
          List.of("credentialName", "caCrl"),
          List.of("redirect", "fault"),
          List.of("redirect", "rewrite"),
          List.of("directResponse", "fault"),
          List.of("directResponse", "rewrite"));

  /** What no object may have, whatever is written there. */
  private static final Set<String> REFUSED =
      Set.of("delay.exponentialDelay", "abort.http2Error", "port.targetPort");

  /** The same by name: where it is written, nothing around it is tried. */
  private static final Set<String> SELDOM = Set.of("exponentialDelay", "http2Error", "targetPort");

  /** What an object is without sense without, for most people. */
  private static final List<String> EXPECTED =
      List.of(
          "hosts",
          "http",
          "destination",
          "servers",
          "port",
          "number",
          "trafficPolicy",
          "from",
          "sniHosts",
          "attempts",
          "uri",
          "abort",
          "bytes",
          "match");

  private static final List<ConfigKind> KINDS =
      List.of(
          ConfigKind.VIRTUAL_SERVICE,
          ConfigKind.DESTINATION_RULE,
          ConfigKind.GATEWAY,
          ConfigKind.PEER_AUTHENTICATION);

  private final SplittableRandom random;

  RandomIstioObjects(SplittableRandom random) {
    this.random = random;
  }

  /** An object in the namespace {@code shop}. */
  Map<String, Object> next(String name) {
    ConfigKind kind =
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> ConfigKind.VIRTUAL_SERVICE;
          case 3, 4, 5 -> ConfigKind.DESTINATION_RULE;
          case 6 -> ConfigKind.GATEWAY;
          default -> ConfigKind.PEER_AUTHENTICATION;
        };
    return Map.of(
        "apiVersion",
        kind.group() + "/" + kind.versions().getFirst(),
        "kind",
        kind.kind(),
        "metadata",
        Map.of("name", name, "namespace", "shop"),
        "spec",
        value("spec", Crds.spec(kind)));
  }

  /**
   * The fields of the schemas that an object may have, each with the name of the field that it is
   * in.
   */
  static Set<String> fields() {
    Set<String> fields = new TreeSet<>();
    KINDS.forEach(kind -> addSchema(kind.kind(), Crds.spec(kind), fields));
    fields.removeAll(REFUSED);
    return fields;
  }

  private static void addSchema(String path, @Nullable Object schema, Set<String> fields) {
    if (schema instanceof Map<?, ?> map) {
      addSchema(path, map.get("items"), fields);
      if (map.get("properties") instanceof Map<?, ?> properties) {
        properties.forEach(
            (name, field) -> {
              fields.add(path + "." + name);
              addSchema(String.valueOf(name), field, fields);
            });
      }
    }
  }

  /** Adds the fields that an object has. */
  static void addFields(Map<String, Object> object, Set<String> fields) {
    addFields(String.valueOf(object.get("kind")), object.get("spec"), fields);
  }

  private static void addFields(String path, @Nullable Object value, Set<String> fields) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, field) -> {
            fields.add(path + "." + name);
            addFields(String.valueOf(name), field, fields);
          });
    } else if (value instanceof List<?> list) {
      list.forEach(element -> addFields(path, element, fields));
    }
  }

  @SuppressWarnings("unchecked")
  private Object value(String name, Map<String, Object> schema) {
    if (schema.get("enum") instanceof List<?> constants) {
      return pick(constants);
    }
    return switch (String.valueOf(schema.get("type"))) {
      case "object" -> {
        List<Map<String, Object>> whole = WHOLE.get(name);
        if (whole != null && random.nextInt(4) == 0) {
          yield pick(whole);
        }
        if (schema.get("properties") instanceof Map<?, ?> fields) {
          yield object((Map<String, Map<String, Object>>) fields, schema);
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
          for (int i = random.nextInt(3); i > 0; i--) {
            entries.put(
                odd() ? pick(ODD_KEYS) : pick(name.equals("to") ? PLACES : KEYS),
                value(name, (Map<String, Object>) values));
          }
        }
        yield entries;
      }
      case "array" -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(2); i > 0; i--) {
          list.add(value(name, items(schema)));
        }
        yield list;
      }
      case "boolean" -> random.nextBoolean();
      case "integer", "number" ->
          odd()
              ? pick(ODD_NUMBERS)
              : pick(
                  schema.containsKey("maximum")
                      ? List.<Object>of(80, 443, 8080, 9000)
                      : WRITTEN.getOrDefault(name, List.of(1, 5, 50, 100)));
      default ->
          odd()
              ? pick(ODD_TEXTS)
              : pick(
                  TIMES.contains(name)
                      ? DURATIONS
                      : WRITTEN.getOrDefault(name, List.of("a", "b-c", "web", "x-1")));
    };
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> items(Map<String, Object> array) {
    return (Map<String, Object>) Objects.requireNonNull(array.get("items"));
  }

  private boolean odd() {
    return random.nextInt(60) == 0;
  }

  private Map<String, Object> object(
      Map<String, Map<String, Object>> fields, Map<String, Object> schema) {
    List<?> required = schema.get("required") instanceof List<?> names ? names : List.of();
    Map<String, Object> object = new LinkedHashMap<>();
    fields.forEach(
        (name, field) -> {
          boolean expected = required.contains(name) || EXPECTED.contains(name);
          if (expected
              ? random.nextInt(40) > 0
              : random.nextInt(SELDOM.contains(name) ? 40 : 3) == 0) {
            object.put(name, value(name, field));
          }
        });
    for (List<String> choice : CHOICES) {
      if (fields.keySet().containsAll(choice) && random.nextInt(40) > 0) {
        object.keySet().removeAll(choice);
        String one = random.nextBoolean() ? choice.getFirst() : pick(choice);
        object.put(one, value(one, Objects.requireNonNull(fields.get(one))));
      }
    }
    if (object.containsKey("serverCertificate") && !odd()) {
      object.put("privateKey", "/etc/k.pem");
    }
    for (List<String> pair : NOT_TOGETHER) {
      if (object.keySet().containsAll(pair) && !odd()) {
        object.remove(pick(pair));
      }
    }
    return object;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
