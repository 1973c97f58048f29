package dev.weft.proxy.loop;

/** A downstream connection as configuration changes and shutdown see it. */
public interface Drainable {
  /** Takes no further request; closes when the one under way is over. */
  void drain();

  /** Closes at once. */
  void closeNow();

  DownstreamConnection connection();
}
