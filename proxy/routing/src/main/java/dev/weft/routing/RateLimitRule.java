package dev.weft.routing;

import java.util.List;

/**
 * What a limit may know of a request: one entry by each of its parts, or nothing where one of them
 * is not there.
 *
 * @param stage of the limits that read it
 */
public record RateLimitRule(int stage, List<Part> parts) {
  public RateLimitRule {
    parts = List.copyOf(parts);
  }

  /** One of the things that are known. */
  public sealed interface Part {}

  /**
   * The value of a header.
   *
   * @param header its name in lower case; {@code :path} and its kin are the request line's parts
   * @param optional true: without the header there is no entry; false: no entry at all
   */
  public record Header(String header, String key, boolean optional) implements Part {
    /** Its value; empty where a request does not have it. */
    public String value(RequestView request) {
      CharSequence value = HeaderMatch.value(header, request);
      return value == null ? "" : value.toString();
    }
  }

  /** The client's address. */
  public record Client() implements Part {}

  /** What is the same for all requests. */
  public record Fixed(String key, String value) implements Part {}

  /**
   * What is the same for all requests that match.
   *
   * @param expected false: those that do not
   */
  public record Matching(String key, String value, boolean expected, List<HeaderMatch> headers)
      implements Part {
    public Matching {
      headers = List.copyOf(headers);
    }

    /** Whether a request is one of them. */
    public boolean holds(RequestView request) {
      return headers.stream().allMatch(header -> header.matches(request)) == expected;
    }
  }
}
