package dev.weft.explain;

import dev.weft.runtime.ConnectionView;
import dev.weft.snapshot.MeshService;
import dev.weft.types.HostPort;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where a caller's connection is meant to go.
 *
 * @param host as the caller names it, without a port
 * @param address an IP address; {@link #UNKNOWN} where the mesh does not know it
 * @param service that the name or the address means
 * @param tls whether the caller itself speaks TLS
 */
record Aim(String host, String address, int port, boolean tls, Optional<MeshService> service) {
  /** Finds what is there for any address. */
  static final String UNKNOWN = "0.0.0.0";

  HostPort target() {
    return new HostPort(address, port);
  }

  /** As a listener that looks at the first bytes sees the connection, or as one that does not. */
  ConnectionView connection(boolean looksForTls, boolean looksForHttp, String from) {
    return new Connection(
        port,
        bytes(address),
        bytes(from),
        tls && looksForTls ? host : "",
        tls && looksForTls ? "tls" : "raw_buffer",
        !tls && looksForHttp ? List.of("http/1.1") : List.of());
  }

  private static byte[] bytes(String ip) {
    return InetAddress.ofLiteral(ip.isEmpty() ? UNKNOWN : ip).getAddress();
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Connection(
      int destinationPort,
      byte[] destinationAddress,
      byte[] sourceAddress,
      String serverName,
      String transportProtocol,
      List<String> applicationProtocols)
      implements ConnectionView {}
}
