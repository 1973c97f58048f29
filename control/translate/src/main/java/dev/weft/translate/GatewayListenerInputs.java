package dev.weft.translate;

import dev.weft.config.GatewayConfig.ClientChecks;
import dev.weft.config.PathNormalization;
import dev.weft.translate.OutboundListenerInputs.Target;
import java.util.List;

/**
 * A port of a gateway where traffic enters the mesh.
 *
 * @param chains in the order of the servers; one without server names takes what is left, and of
 *     several for the same connections the first one has them
 * @param patches of the HTTP filters of its chains
 */
public record GatewayListenerInputs(
    String bind,
    int port,
    List<Chain> chains,
    List<String> trustDomains,
    AuthzInputs authz,
    JwtInputs jwt,
    PathNormalization paths,
    TelemetryInputs telemetry,
    List<FilterPatch> patches,
    Dialect dialect) {
  public GatewayListenerInputs {
    chains = List.copyOf(chains);
    trustDomains = List.copyOf(trustDomains);
    patches = List.copyOf(patches);
  }

  /**
   * @param serverNames that clients name in TLS; empty for any, and without TLS
   * @param subnets of the destination; empty for any
   */
  public record Chain(
      String name, List<String> serverNames, List<String> subnets, Tls tls, Traffic traffic) {
    public Chain {
      serverNames = List.copyOf(serverNames);
      subnets = List.copyOf(subnets);
    }

    /** For any destination. */
    Chain(String name, List<String> serverNames, Tls tls, Traffic traffic) {
      this(name, serverNames, List.of(), tls, traffic);
    }
  }

  /** Where TLS ends. */
  public sealed interface Tls {
    /** There is none. */
    record None() implements Tls {}

    /** At the service: the gateway only reads the server name. */
    record Passthrough() implements Tls {}

    /** Here, with the workload's certificate and for workloads of the mesh alone. */
    record Mesh() implements Tls {}

    /**
     * Here, with a certificate that is not the mesh's.
     *
     * @param certificate the name of the secret: {@code kubernetes://…} or {@code file-cert:…}
     * @param roots the name of that with the roots of client certificates; empty where none is
     *     asked for
     * @param subjectAltNames of which a client's certificate must show one; empty for any
     * @param checks what else it must be; where there are none, any will do
     * @param minimum the name of a protocol version as in a Gateway; empty for the default
     */
    record Own(
        String certificate,
        String roots,
        boolean requireClient,
        List<String> subjectAltNames,
        ClientChecks checks,
        String minimum,
        String maximum,
        List<String> cipherSuites)
        implements Tls {
      public Own {
        subjectAltNames = List.copyOf(subjectAltNames);
        cipherSuites = List.copyOf(cipherSuites);
      }
    }
  }

  /** What a chain carries. */
  public sealed interface Traffic {
    /**
     * @param route the name of its routes
     */
    record Http(String route) implements Traffic {}

    /**
     * @param targets at least one
     * @param bySource whether all connections of a client go to one endpoint
     */
    record Tcp(List<Target> targets, boolean bySource) implements Traffic {
      public Tcp {
        targets = List.copyOf(targets);
      }
    }
  }
}
