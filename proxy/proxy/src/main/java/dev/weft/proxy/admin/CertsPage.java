package dev.weft.proxy.admin;

import dev.weft.identity.WorkloadIdentity;
import dev.weft.runtime.TlsSecret;
import dev.weft.types.Json;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /certs}, and the secrets of {@code /config_dump}, without keys. */
final class CertsPage {
  private CertsPage() {}

  static String json(ProxyFacts facts) {
    WorkloadIdentity identity = facts.identity().current();
    List<Object> certificates = new ArrayList<>();
    if (identity != null) {
      Map<String, Object> own = new LinkedHashMap<>();
      own.put("ca_cert", described(identity.roots(), facts.now()));
      own.put("cert_chain", described(identity.chain(), facts.now()));
      certificates.add(own);
    }
    return Json.write(Map.of("certificates", certificates));
  }

  private static List<Map<String, Object>> described(
      List<X509Certificate> certificates, Instant now) {
    return certificates.stream().map(certificate -> describe(certificate, now)).toList();
  }

  private static Map<String, Object> describe(X509Certificate certificate, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("serial_number", certificate.getSerialNumber().toString(16));
    out.put("subject_alt_names", names(certificate));
    out.put("days_until_expiration", Long.toString(Duration.between(now, end).toDays()));
    out.put("valid_from", certificate.getNotBefore().toInstant().toString());
    out.put("expiration_time", end.toString());
    return out;
  }

  private static List<Map<String, String>> names(X509Certificate certificate) {
    List<Map<String, String>> out = new ArrayList<>();
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names != null) {
        for (List<?> name : names) {
          String kind = Integer.valueOf(6).equals(name.get(0)) ? "uri" : "dns";
          out.add(Map.of(kind, String.valueOf(name.get(1))));
        }
      }
    } catch (CertificateParsingException e) {
      return List.of();
    }
    return out;
  }

  /**
   * {@code default}, {@code ROOTCA} and what was handed out; private keys read {@code [redacted]}.
   */
  static List<Object> secrets(ProxyFacts facts) {
    WorkloadIdentity identity = facts.identity().current();
    if (identity == null) {
      return List.of();
    }
    Map<String, @Nullable Object> own = new LinkedHashMap<>();
    own.put("@type", "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret");
    own.put("name", "default");
    own.put(
        "tls_certificate",
        Map.of(
            "certificate_chain", Map.of("inline_bytes", pem(identity.chain())),
            "private_key", Map.of("inline_string", "[redacted]")));
    Map<String, @Nullable Object> roots = new LinkedHashMap<>();
    roots.put("@type", "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret");
    roots.put("name", "ROOTCA");
    roots.put(
        "validation_context", Map.of("trusted_ca", Map.of("inline_bytes", pem(identity.roots()))));
    List<Object> all = new ArrayList<>();
    all.add(entry("default", identity, own));
    all.add(entry("ROOTCA", identity, roots));
    facts.config().secrets().forEach((name, secret) -> all.add(handedOut(name, secret)));
    return all;
  }

  private static Map<String, @Nullable Object> handedOut(String name, TlsSecret secret) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("@type", "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret");
    shown.put("name", name);
    switch (secret) {
      case TlsSecret.KeyPair pair ->
          shown.put(
              "tls_certificate",
              Map.of(
                  "certificate_chain", Map.of("inline_bytes", pem(pair.chain())),
                  "private_key", Map.of("inline_string", "[redacted]")));
      case TlsSecret.Trusted trusted ->
          shown.put(
              "validation_context",
              Map.of("trusted_ca", Map.of("inline_bytes", pem(trusted.roots()))));
    }
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("name", name);
    out.put("secret", shown);
    return out;
  }

  private static Map<String, @Nullable Object> entry(
      String name, WorkloadIdentity identity, Map<String, @Nullable Object> secret) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("name", name);
    out.put("version_info", Long.toString(identity.generation()));
    out.put("last_updated", identity.notBefore().toString());
    out.put("secret", secret);
    return out;
  }

  private static String pem(List<X509Certificate> certificates) {
    StringBuilder out = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      try {
        out.append("-----BEGIN CERTIFICATE-----\n")
            .append(
                Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(certificate.getEncoded()))
            .append("\n-----END CERTIFICATE-----\n");
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("a parsed certificate has an encoding", e);
      }
    }
    return Base64.getEncoder().encodeToString(out.toString().getBytes(StandardCharsets.US_ASCII));
  }
}
