package dev.weft.exchange;

/** Hears what filters decided. */
public interface FilterCounter extends AccessCounter {
  /**
   * A limit of rates looked at a request.
   *
   * @param prefix of the statistics of the limit
   */
  void limited(String prefix, LimitOutcome outcome);
}
