package dev.weft.server.http;

import dev.weft.server.worker.UpstreamFailure;

/** Whoever wants a connection. Hears of it once, on the loop, unless it is gone by then. */
public interface Taker {
  /** Whether nobody waits any more. */
  boolean gone();

  void taken(UpstreamLeg leg);

  /** The cluster takes no more connections (flag {@code UO}). */
  void full();

  void failed(UpstreamFailure failure);
}
