package dev.weft.routing;

import dev.weft.types.HostPort;
import java.util.Map;

/**
 * One address of a cluster.
 *
 * @param hostname for {@code HostRewrite.Upstream} and logs; may be empty
 * @param weight from 1
 * @param transportMatch what chooses the transport ({@code tlsMode: istio})
 * @param workload Istio's {@code workload;namespace;canonical name;revision;cluster}; may be empty
 * @param hop what names the endpoint to the gateway that the address belongs to; empty: none
 */
public record Endpoint(
    HostPort address,
    String hostname,
    int weight,
    Health health,
    Map<String, String> transportMatch,
    String workload,
    String hop) {
  public Endpoint {
    if (weight < 1) {
      throw new IllegalArgumentException("endpoint " + address + " has weight " + weight);
    }
    transportMatch = Map.copyOf(transportMatch);
  }

  /** A healthy endpoint of weight 1 without anything else. */
  public static Endpoint of(HostPort address) {
    return of(address, Map.of());
  }

  /** An address that a client dialled itself, with metadata by which its transport is chosen. */
  public static Endpoint of(HostPort address, Map<String, String> transportMatch) {
    return new Endpoint(address, "", 1, Health.HEALTHY, transportMatch, "", "");
  }

  /** What tells endpoints apart: one gateway leads to many, and many gateways to one. */
  public record Key(HostPort address, String hop) {}

  public Key key() {
    return new Key(address, hop);
  }

  /** What the control plane says about it. */
  public enum Health {
    HEALTHY,
    DEGRADED,
    UNHEALTHY,
    DRAINING
  }
}
