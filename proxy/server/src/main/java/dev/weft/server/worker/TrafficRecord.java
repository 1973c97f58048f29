package dev.weft.server.worker;

import dev.weft.exchange.ResponseFlag;
import dev.weft.routing.Endpoint;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.Listener;
import org.jspecify.annotations.Nullable;

/** What requests and TCP connections have in common for telemetry. */
public interface TrafficRecord {
  /** Where it came in. */
  Listener listener();

  /** Null where no cluster was chosen. */
  @Nullable Cluster cluster();

  /** The endpoint of the last attempt, or null. */
  @Nullable Endpoint endpoint();

  /** A set of {@link ResponseFlag} bits. */
  int flags();

  /** Whether the downstream connection is mutual TLS that ends here. */
  boolean downstreamMutualTls();

  /** The verified name of the downstream peer; empty without mutual TLS. */
  String downstreamPrincipal();

  /** The verified name of the upstream peer; empty without TLS. */
  String upstreamPrincipal();

  /** What the downstream peer says of itself (base64 of a Struct), or null. */
  @Nullable String downstreamPeerMetadata();

  /** What the upstream peer says of itself (base64 of a Struct), or null. */
  @Nullable String upstreamPeerMetadata();
}
