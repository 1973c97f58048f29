package dev.weft.config;

import dev.weft.config.TrafficPolicy.ClientTls.Mode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Istio refuses of a client's TLS. Istio: pkg/config/validation/agent, {@code ValidateTLS}.
 */
final class ClientTlsChecks {
  private ClientTlsChecks() {}

  static void check(TreeReader r, @Nullable Mode mode) {
    boolean secret = r.has("credentialName");
    for (String file : List.of("clientCertificate", "privateKey", "caCertificates", "caCrl")) {
      if (secret && r.has(file)) {
        r.error(
            "credentialName",
            "a Secret and files exclude each other: take " + file + " away, or this");
      }
    }
    if (mode == Mode.MUTUAL && !secret) {
      for (String file : List.of("clientCertificate", "privateKey")) {
        if (!r.has(file)) {
          r.error(
              file, "MUTUAL shows a certificate: name its files, or a Secret in credentialName");
        }
      }
    }
    boolean checked =
        r.has("caCertificates") || r.has("subjectAltNames") || (secret && mode == Mode.SIMPLE);
    if (r.bool("insecureSkipVerify", false)
        && checked
        && (mode == Mode.SIMPLE || mode == Mode.MUTUAL)) {
      r.error(
          "insecureSkipVerify",
          "nothing is verified with it: take caCertificates, subjectAltNames or a Secret of roots"
              + " away, or this");
    }
  }
}
