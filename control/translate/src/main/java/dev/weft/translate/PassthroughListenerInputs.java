package dev.weft.translate;

import java.util.List;

/**
 * A port of a cross-network gateway: mutual TLS passes through, and its server name says where to.
 *
 * @param authz who may connect
 * @param serverNames also the names of the clusters, in order
 */
public record PassthroughListenerInputs(
    String bind,
    int port,
    List<String> serverNames,
    AuthzInputs authz,
    TelemetryInputs telemetry,
    Dialect dialect) {
  public PassthroughListenerInputs {
    serverNames = List.copyOf(serverNames);
  }
}
