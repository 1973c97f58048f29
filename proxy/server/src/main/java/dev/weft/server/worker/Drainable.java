package dev.weft.server.worker;

import dev.weft.exchange.DownstreamConnection;

/** A downstream connection as configuration changes, shutdown and a loop without places see it. */
public interface Drainable {
  /** Takes no further request; closes when the one under way is over. */
  void drain();

  /** Closes at once. */
  void closeNow();

  /** The {@link Worker#tick} at which something passed last. */
  int quietSince();

  /** Gives its place to another one. */
  void yieldPlace();

  DownstreamConnection connection();
}
