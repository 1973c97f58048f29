package dev.weft.runtime;

import java.util.List;

/** How a chain takes bytes from the client. */
public sealed interface DownstreamTls {
  /** As they come; also TLS that is passed through. */
  record Plain() implements DownstreamTls {}

  /**
   * TLS ends here.
   *
   * @param certSecret {@code default} for the workload's certificate, or another secret's name
   * @param trust what client certificates are verified against
   * @param requireClientCert true: no certificate, no connection
   * @param alpn in order of preference
   */
  record Terminate(
      String certSecret,
      PeerTrust trust,
      boolean requireClientCert,
      List<String> alpn,
      TlsParameters parameters)
      implements DownstreamTls {
    public Terminate {
      alpn = List.copyOf(alpn);
    }
  }
}
