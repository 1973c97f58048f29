package dev.weft.server.worker;

/**
 * Why a connection to an endpoint was not made.
 *
 * @param reason without white space, as {@code upstream_transport_failure_reason} shows it
 */
public record UpstreamFailure(Kind kind, String reason) {
  /** It was open, and closed in the same moment. */
  public static final UpstreamFailure CLOSED =
      new UpstreamFailure(Kind.CONNECT, "connection_closed");

  /** What failed. */
  public enum Kind {
    CONNECT,
    TIMEOUT,
    TLS
  }
}
