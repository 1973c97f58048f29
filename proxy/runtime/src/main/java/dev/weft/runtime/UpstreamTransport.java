package dev.weft.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How bytes go to an endpoint. */
public sealed interface UpstreamTransport {
  /** As they are. */
  record Plain() implements UpstreamTransport {}

  /**
   * TLS begins here.
   *
   * @param sni empty: none, or the request's authority where {@code autoSni} is set
   * @param alpn empty: none; a pipeline with {@link HttpFilter.IstioAlpn} replaces it
   * @param certSecret {@code default} for the workload's certificate; null: no client certificate
   */
  record Tls(
      String sni,
      boolean autoSni,
      List<String> alpn,
      @Nullable String certSecret,
      PeerTrust trust,
      boolean autoSanValidation,
      TlsParameters parameters)
      implements UpstreamTransport {
    public Tls {
      alpn = List.copyOf(alpn);
    }
  }
}
