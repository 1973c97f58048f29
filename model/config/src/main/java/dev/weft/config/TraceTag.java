package dev.weft.config;

/** The value of a tag that every span gets. */
public sealed interface TraceTag {
  /** Always the same. */
  record Literal(String value) implements TraceTag {}

  /**
   * A header of the request.
   *
   * @param otherwise where the request has none; empty leaves the tag away
   */
  record Header(String name, String otherwise) implements TraceTag {}

  /**
   * A variable of the proxy's environment.
   *
   * @param otherwise where there is none; empty leaves the tag away
   */
  record Environment(String name, String otherwise) implements TraceTag {}
}
