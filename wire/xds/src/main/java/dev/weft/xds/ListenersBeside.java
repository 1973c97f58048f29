package dev.weft.xds;

/**
 * How a listener of captured connections says which listeners there are that have sockets of their
 * own. A sidecar on demand asks for the listener of a connection's destination, and nobody connects
 * to a socket that is not there: it asks for these at once. In the listener's metadata stands
 * {@code dev.weft.beside: {listeners: ["127.0.0.1_9080", …]}}; a client that is told all listeners
 * has no use for it.
 */
public final class ListenersBeside {
  /** The key in the listener's {@code filter_metadata}. */
  public static final String METADATA = "dev.weft.beside";

  /** The field with their names. */
  public static final String LISTENERS = "listeners";

  private ListenersBeside() {}
}
