package dev.weft.exchange;

/** Hears what filters decided. */
public interface FilterCounter extends AccessCounter {
  /**
   * A limit of rates looked at a request.
   *
   * @param prefix of the statistics of the limit
   */
  void limited(String prefix, LimitOutcome outcome);

  /**
   * A compressor looked at an answer, or is through with one.
   *
   * @param place of the statistics of the compressor
   * @param amount answers or bytes
   */
  void compressed(String place, CompressionStat stat, long amount);
}
