package dev.weft.server.worker;

/** A connection that waits for its next request. */
public interface Pooled {
  /** Closes it; it was taken out of its pool before. */
  void closeIdle();

  /** When it became idle, by {@link Worker#nanos}. */
  long idleSince();

  /** Whether a request may be sent: open, and not older than connections may become. */
  boolean usable();
}
