package dev.weft.control.status;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What generated objects of the Istio API have in their fields. */
final class IstioValues {
  static final List<Object> ODD_NUMBERS =
      List.of(-1, 0, 0.5, 100.1, 99, 304, 600, 65536, 2_147_483_647, 99_999_999_999L);
  static final List<Object> ODD_TEXTS =
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
  static final List<Object> DURATIONS = List.of("5s", "1ms", "1.5s", "10m", "24h");
  static final Set<String> TIMES =
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
  static final Map<String, List<Object>> WRITTEN =
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
  static final List<String> KEYS = List.of("x-a", "app", "version", "8080");

  static final List<String> PLACES = List.of("region1/*", "region2/*");

  static final List<String> ODD_KEYS = List.of(":authority", "x b", "", "a\nb");

  /** Objects whose fields need each other so much that chance hardly makes them. */
  static final Map<String, List<Map<String, Object>>> WHOLE =
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

  private IstioValues() {}
}
