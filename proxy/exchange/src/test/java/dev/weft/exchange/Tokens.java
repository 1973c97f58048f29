package dev.weft.exchange;

import java.util.HashMap;
import java.util.Map;

/**
 * Buckets that are not filled again.
 *
 * @param left by the numbers of the buckets; those that are not there never run out
 */
record Tokens(Map<Integer, Long> left) implements Buckets {
  Tokens {
    left = new HashMap<>(left);
  }

  @Override
  public boolean take(int bucket) {
    return left.merge(bucket, 99L, (now, unused) -> now - 1) >= 0;
  }

  @Override
  public long left(int bucket) {
    return Math.max(0, left.getOrDefault(bucket, 99L));
  }

  @Override
  public long secondsToNext(int bucket) {
    return left(bucket) > 0 ? 0 : 7;
  }
}
