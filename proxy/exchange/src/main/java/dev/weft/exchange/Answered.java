package dev.weft.exchange;

import org.jspecify.annotations.Nullable;

/** The head of an answer as filters see it. Valid while one is asked. */
public interface Answered {
  /** The request that is answered. */
  Asked request();

  int status();

  /**
   * The value of a header as filters that were asked before left it; several lines of one name are
   * joined by a comma.
   *
   * @return null where the answer has no such header
   */
  @Nullable String header(String lowerCaseName);

  /** Whether content may follow. */
  boolean hasContent();

  /** Where coders of content find a place. */
  CoderPlaces coders();
}
