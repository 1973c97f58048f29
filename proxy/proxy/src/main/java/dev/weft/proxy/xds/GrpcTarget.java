package dev.weft.proxy.xds;

import dev.weft.types.HostPort;

/**
 * A gRPC server.
 *
 * @param tls false: plaintext, for trusted networks only
 * @param serverName what the server's certificate must be for; also the SNI and the authority
 */
public record GrpcTarget(HostPort address, boolean tls, String serverName) {
  private static final int PLAINTEXT = 15010;

  /**
   * Of a discovery or CA address. Port 15010 is plaintext, everything else TLS, as with Istio.
   *
   * @param serverName empty: the host of the address
   */
  public static GrpcTarget of(String address, String serverName) {
    HostPort parsed = HostPort.parse(address);
    return new GrpcTarget(
        parsed, parsed.port() != PLAINTEXT, serverName.isEmpty() ? parsed.host() : serverName);
  }
}
