package dev.weft.exchange;

import java.time.Duration;

/**
 * A request of the proxy's own, to an endpoint of a cluster.
 *
 * @param head in the form of HTTP/1.1, with the empty line
 * @param http2 whether it has to be sent over HTTP/2
 * @param timeout for the whole answer
 */
public record Call(String cluster, String head, byte[] body, boolean http2, Duration timeout) {
  /** What became of a call. */
  public sealed interface Answer {}

  /** It was answered. */
  public record Answered(int status, FieldList headers, byte[] body, FieldList trailers)
      implements Answer {}

  /**
   * It was not.
   *
   * @param why for people
   */
  public record Lost(String why) implements Answer {}
}
