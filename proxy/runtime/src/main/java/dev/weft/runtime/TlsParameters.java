package dev.weft.runtime;

import java.util.List;

/**
 * Bounds of a handshake.
 *
 * @param cipherSuites BoringSSL names for TLS 1.2; empty: the library's
 * @param curves empty: the library's
 */
public record TlsParameters(
    Version minimum, Version maximum, List<String> cipherSuites, List<String> curves) {
  public static final TlsParameters DEFAULT =
      new TlsParameters(Version.TLS_1_2, Version.TLS_1_3, List.of(), List.of());

  /** A protocol version; older ones are not supported. */
  public enum Version {
    TLS_1_2,
    TLS_1_3
  }

  public TlsParameters {
    cipherSuites = List.copyOf(cipherSuites);
    curves = List.copyOf(curves);
  }
}
