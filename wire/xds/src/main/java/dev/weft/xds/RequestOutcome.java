package dev.weft.xds;

/** What a client's request turned out to be. */
public sealed interface RequestOutcome {
  /** The client asks for something, for the first time on this stream or in addition. */
  record Subscribed(XdsType type) implements RequestOutcome {}

  record Acked(XdsType type, String nonce) implements RequestOutcome {}

  /**
   * The client refuses what it was sent.
   *
   * @param message the client's own words
   */
  record Nacked(XdsType type, String nonce, String message) implements RequestOutcome {}

  /** The request answers a response that is not the last one, and says nothing new. */
  record Stale(XdsType type, String nonce) implements RequestOutcome {}

  /** A type that we do not serve; the stream goes on. */
  record UnknownType(String url) implements RequestOutcome {}

  /**
   * The client asks for more than is kept for one; the stream has to end.
   *
   * @param what of which there is too much
   */
  record Excess(XdsType type, String what) implements RequestOutcome {}
}
