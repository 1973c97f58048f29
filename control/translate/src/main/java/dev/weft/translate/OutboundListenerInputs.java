package dev.weft.translate;

import dev.weft.config.PathNormalization;
import java.time.Duration;
import java.util.List;

/**
 * One listener for what the workload sends.
 *
 * @param socket whether it has a socket of its own
 * @param fallback for connections that no service has
 * @param paths how those of requests are cleaned
 * @param patches of the HTTP filters of its chains
 */
public record OutboundListenerInputs(
    Kind kind,
    boolean socket,
    Elsewhere fallback,
    PathNormalization paths,
    TelemetryInputs telemetry,
    List<FilterPatch> patches,
    Dialect dialect) {
  public OutboundListenerInputs {
    patches = List.copyOf(patches);
  }

  /** Which of them. */
  public sealed interface Kind {
    /**
     * Where all captured connections arrive; those that another listener has are handed over.
     *
     * @param beside listeners with sockets of their own, in order
     */
    record Capture(List<String> beside) implements Kind {
      public Capture {
        beside = List.copyOf(beside);
      }
    }

    /**
     * All HTTP services on a port, told apart by their host names.
     *
     * @param address {@code 0.0.0.0} for whatever address was called
     * @param bytes services of bytes on the port that have no address: by server names and by
     *     destinations
     */
    record Http(String address, int port, List<L4Route> bytes) implements Kind {
      public Http {
        bytes = List.copyOf(bytes);
      }
    }

    /**
     * One service port whose protocol is found out per connection.
     *
     * @param route the name of its HTTP routes
     * @param bytes what is not HTTP
     */
    record Sniffed(String address, int port, String route, L4Route bytes) implements Kind {}

    /**
     * One service port of bytes.
     *
     * @param routes at least one; no two for the same connections
     * @param idleTimeout zero for the default
     */
    record Tcp(String address, int port, List<L4Route> routes, Duration idleTimeout)
        implements Kind {
      public Tcp {
        routes = List.copyOf(routes);
      }
    }
  }

  public record Target(String cluster, int weight) {}
}
