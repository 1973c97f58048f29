package dev.weft.exchange;

/** Hears what was decided about access. */
@FunctionalInterface
public interface AccessCounter {
  /**
   * It was decided whether a request or a connection may come in.
   *
   * @param place the prefix of the statistics of where that was
   */
  void decided(String place, AccessOutcome outcome);
}
