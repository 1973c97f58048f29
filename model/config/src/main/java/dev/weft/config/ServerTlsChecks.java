package dev.weft.config;

import dev.weft.config.GatewayConfig.Protocol;
import dev.weft.config.GatewayConfig.ServerTls.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Istio refuses of TLS of a Gateway's server. Istio: pkg/config/validation, {@code
 * validateTLSOptions} and {@code validateServer}.
 */
final class ServerTlsChecks {
  private static final List<String> FILES =
      List.of("serverCertificate", "privateKey", "caCertificates");
  private static final List<String> SECRETS =
      List.of("credentialName", "credentialNames", "tlsCertificates");
  private static final Set<String> VERSIONS =
      Set.of("", "TLS_AUTO", "TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3");

  /** Names of BoringSSL, of which our proxies know those with forward secrecy and AEAD. */
  private static final Set<String> SUITES =
      Set.of(
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384",
          "ECDHE-ECDSA-CHACHA20-POLY1305",
          "ECDHE-RSA-CHACHA20-POLY1305",
          "ECDHE-ECDSA-AES128-SHA",
          "ECDHE-RSA-AES128-SHA",
          "ECDHE-ECDSA-AES256-SHA",
          "ECDHE-RSA-AES256-SHA",
          "AES128-GCM-SHA256",
          "AES256-GCM-SHA384",
          "AES128-SHA",
          "AES256-SHA");

  private ServerTlsChecks() {}

  /** What a mode needs, and what it has no use for. */
  static void mode(TreeReader r, @Nullable Mode mode) {
    switch (mode) {
      case null -> {}
      case ISTIO_MUTUAL -> {
        for (String key : Stream.concat(FILES.stream(), SECRETS.stream()).toList()) {
          if (r.has(key)) {
            r.error(key, "ISTIO_MUTUAL uses the certificates of the mesh: take this away");
          }
        }
      }
      case PASSTHROUGH, AUTO_PASSTHROUGH -> {
        for (String key : Stream.concat(FILES.stream(), SECRETS.stream()).toList()) {
          if (r.has(key)) {
            r.warning("gateway-tls-not-served", key, "TLS does not end here, so this is not used");
          }
        }
      }
      case SIMPLE -> certificate(r, false);
      case MUTUAL, OPTIONAL_MUTUAL -> certificate(r, true);
    }
  }

  private static void certificate(TreeReader r, boolean clients) {
    List<String> sources = new ArrayList<>(SECRETS.stream().filter(r::has).toList());
    if (r.has("serverCertificate") && r.has("privateKey")) {
      sources.add("serverCertificate");
    }
    if (sources.size() > 1) {
      r.error(sources.getFirst(), String.join(" and ", sources) + " exclude each other: keep one");
    }
    if (r.has("caCrl") && r.has("credentialName")) {
      r.error("caCrl", "put the list into the Secret, as ca.crl");
    } else if (r.has("caCrl") && !clients) {
      r.error("caCrl", "clients show no certificate in SIMPLE mode");
    }
    if (SECRETS.stream().anyMatch(r::has)) {
      return;
    }
    if (!r.has("serverCertificate")) {
      r.error(
          "credentialName",
          "a server that ends TLS needs a certificate: name a Secret, or files of the gateway's pod"
              + " in serverCertificate and privateKey");
    } else if (!r.has("privateKey")) {
      r.error("privateKey", "the key of serverCertificate is needed");
    }
    if (clients && !r.has("caCertificates")) {
      r.error("caCertificates", "the roots of clients are needed");
    }
  }

  /** Whether a server of that protocol can have these settings. */
  static void protocol(TreeReader server, Protocol protocol, GatewayConfig.ServerTls tls) {
    boolean ends = protocol == Protocol.HTTPS || protocol == Protocol.TLS;
    boolean http =
        switch (protocol) {
          case HTTP, HTTP2, GRPC, GRPC_WEB -> true;
          case HTTPS, MONGO, TCP, TLS -> false;
        };
    boolean files = !(tls.serverCertificate() + tls.privateKey() + tls.caCertificates()).isEmpty();
    if (!ends && (!http || files || tls.mode() != Mode.PASSTHROUGH)) {
      server.error(
          "tls",
          "a port of " + protocol + " has no TLS: use protocol HTTPS or TLS, or take it away");
    }
  }

  static void versions(TreeReader r) {
    for (String key : List.of("minProtocolVersion", "maxProtocolVersion")) {
      if (!VERSIONS.contains(r.string(key))) {
        r.error(key, "'" + r.string(key) + "' is none of TLS_AUTO and TLSV1_0 to TLSV1_3");
      }
    }
  }

  /** The suites that there are. */
  static List<String> suites(TreeReader r, String key) {
    List<String> kept = new ArrayList<>();
    for (String suite : r.strings(key)) {
      if (!SUITES.contains(suite) || kept.contains(suite)) {
        r.warning(
            "unsupported-field",
            key,
            "'" + suite + "' is unknown or there already, and is left out");
      } else {
        kept.add(suite);
      }
    }
    return kept;
  }
}
