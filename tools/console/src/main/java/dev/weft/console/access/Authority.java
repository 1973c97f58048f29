package dev.weft.console.access;

/** Who knows tokens. Thread-safe; may block. */
@FunctionalInterface
public interface Authority {

  /**
   * Judges a token.
   *
   * @param token not empty, and fit for a header
   */
  Verdict judge(String token);
}
