package dev.weft.server.worker;

import dev.weft.exchange.DownstreamConnection;

/** A connection that waits for its client: for a request, for a handshake, for the first bytes. */
public interface Waiting {
  /** The connection itself. */
  DownstreamConnection connection();

  /** Gives its place to another one. */
  void yieldPlace();
}
