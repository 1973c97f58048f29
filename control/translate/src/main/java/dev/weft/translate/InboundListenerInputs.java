package dev.weft.translate;

import dev.weft.config.Copies;
import dev.weft.config.MtlsMode;
import dev.weft.config.PathNormalization;
import dev.weft.types.AppProtocol;
import java.util.List;
import java.util.Map;

/**
 * What a workload receives.
 *
 * @param ports of services, each once, in order
 * @param mode for connections to any other port
 * @param otherPorts other ports with a mode of their own
 * @param trustDomains of which clients with a certificate must be
 * @param authz who may call
 * @param jwt which tokens are verified
 * @param paths how those of requests are cleaned
 */
public record InboundListenerInputs(
    List<Port> ports,
    MtlsMode mode,
    Map<Integer, MtlsMode> otherPorts,
    List<String> trustDomains,
    AuthzInputs authz,
    JwtInputs jwt,
    PathNormalization paths,
    TelemetryInputs telemetry,
    Dialect dialect) {
  public InboundListenerInputs {
    ports = List.copyOf(ports);
    otherPorts = Copies.map(otherPorts);
    trustDomains = List.copyOf(trustDomains);
  }

  /**
   * @param number what the application listens on
   * @param hostname of the service that it belongs to
   * @param servicePort of the same
   */
  public record Port(
      int number, AppProtocol protocol, MtlsMode mode, String hostname, int servicePort) {}
}
