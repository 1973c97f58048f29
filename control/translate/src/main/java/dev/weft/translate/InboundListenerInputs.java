package dev.weft.translate;

import dev.weft.config.Copies;
import dev.weft.config.MtlsMode;
import dev.weft.config.PathNormalization;
import dev.weft.types.AppProtocol;
import dev.weft.xds.ListenerName;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a workload receives in one place.
 *
 * @param ports of services or of a Sidecar, each once, in order
 * @param trustDomains of which clients with a certificate must be
 * @param authz who may call
 * @param jwt which tokens are verified
 * @param paths how those of requests are cleaned
 * @param patches of its HTTP filters, and of their configuration for its routes
 */
public record InboundListenerInputs(
    Place place,
    List<Port> ports,
    List<String> trustDomains,
    AuthzInputs authz,
    JwtInputs jwt,
    PathNormalization paths,
    TelemetryInputs telemetry,
    Patches patches,
    Dialect dialect) {
  public InboundListenerInputs {
    ports = List.copyOf(ports);
    trustDomains = List.copyOf(trustDomains);
  }

  /** Where connections come to. */
  public sealed interface Place {
    /**
     * All that are captured.
     *
     * @param mode for connections to any other port
     * @param otherPorts other ports with a mode of their own
     * @param beside listeners with sockets of their own, in order
     */
    record Captured(MtlsMode mode, Map<Integer, MtlsMode> otherPorts, List<String> beside)
        implements Place {
      public Captured {
        otherPorts = Copies.map(otherPorts);
        beside = List.copyOf(beside);
      }
    }

    /**
     * A port with sockets of its own.
     *
     * @param addresses at least one
     */
    record Bound(List<String> addresses, int port) implements Place {
      public Bound {
        addresses = List.copyOf(addresses);
      }

      /** The name of the listener. */
      String name() {
        return new ListenerName.Inbound(addresses.getFirst(), port).format();
      }
    }
  }

  /**
   * @param number what clients call in the end
   * @param bind the address by which the port is called in names
   * @param hostname of the service that it belongs to
   * @param servicePort of the same
   * @param idleTimeout of bytes; zero for the default
   */
  public record Port(
      int number,
      String bind,
      AppProtocol protocol,
      MtlsMode mode,
      String hostname,
      int servicePort,
      Duration idleTimeout) {}
}
