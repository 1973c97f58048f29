package dev.weft.exchange;

import java.nio.ByteBuffer;

/** Counts what a compressor is given, and what comes of it. Confined to its exchange. */
final class CountedCoder implements BodyCoder {
  private final BodyCoder coder;
  private final FilterCounter counter;
  private final String place;
  private long before;
  private long after;

  /**
   * @param place of the statistics of the compressor
   */
  CountedCoder(BodyCoder coder, FilterCounter counter, String place) {
    this.coder = coder;
    this.counter = counter;
    this.place = place;
  }

  @Override
  public ByteBuffer code(ByteBuffer part, boolean last) {
    before += part.remaining();
    ByteBuffer out = coder.code(part, last);
    after += out.remaining();
    return out;
  }

  @Override
  public void close() {
    counter.compressed(place, CompressionStat.BYTES_BEFORE, before);
    counter.compressed(place, CompressionStat.BYTES_AFTER, after);
    coder.close();
  }
}
