package dev.weft.server.tls;

import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** Why a handshake failed, in the words that Envoy's users search for. */
public final class TlsFailure {
  private static final String VERIFY =
      "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:";

  /** The certificate is good, but none of its names is among the expected ones. */
  public static final String WRONG_NAME =
      VERIFY + "verify_cert_failed:_verify_SAN_list:TLS_error_end";

  private TlsFailure() {}

  /** The text of the log's {@code upstream_transport_failure_reason}, without white space. */
  public static String of(@Nullable Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertificateException) {
        return clean(VERIFY + t.getMessage() + ":TLS_error_end");
      }
    }
    if (cause instanceof ClosedChannelException) {
      return "TLS_error:_connection_closed_by_the_peer_before_the_handshake_ended";
    }
    String message = cause == null ? null : cause.getMessage();
    return clean("TLS_error:" + (message == null ? String.valueOf(cause) : message));
  }

  private static String clean(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), 512));
    for (int i = 0; i < text.length() && i < 512; i++) {
      char c = text.charAt(i);
      out.append(c <= ' ' || c == '"' || c > '~' ? '_' : c);
    }
    return out.toString();
  }
}
