package dev.weft.proxy.loop;

/** A connection that waits for its client: for a request, for a handshake, for the first bytes. */
public interface Waiting {
  /** Gives its place to another one. */
  void yieldPlace();
}
