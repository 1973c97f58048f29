package dev.weft.routing;

import java.time.Duration;

/**
 * So many tokens at most, refilled evenly. What is in a bucket at some time is one number: the time
 * since when it has been filling, in nanoseconds. Envoy: source/common/common/token_bucket_impl.h,
 * AtomicTokenBucketImpl.
 *
 * @param maxTokens that it holds, and begins with; at least 1
 * @param tokensPerFill at least 1
 * @param fillInterval in which so many tokens are added, one after the other
 */
public record TokenBucket(long maxTokens, long tokensPerFill, Duration fillInterval) {
  /** How much a clock may go back without being taken for one that was set back. */
  private static final long UNSTEADY = 1_000_000_000L;

  /** More than a century, so that differences of times stay within 64 bits. */
  private static final long LONGEST = 4_000_000_000_000_000_000L;

  public TokenBucket {
    if (maxTokens < 1 || tokensPerFill < 1 || fillInterval.isNegative() || fillInterval.isZero()) {
      throw new IllegalArgumentException(
          "a bucket of %d tokens that gets %d in %s"
              .formatted(maxTokens, tokensPerFill, fillInterval));
    }
  }

  private long perToken() {
    return Math.max(1, fillInterval.toNanos() / tokensPerFill);
  }

  private long capacity() {
    long perToken = perToken();
    return maxTokens > LONGEST / perToken ? LONGEST : maxTokens * perToken;
  }

  /** How fast it fills. */
  public double tokensPerSecond() {
    return tokensPerFill * 1e9 / fillInterval.toNanos();
  }

  /** Since when a full bucket has been filling. */
  public long full(long now) {
    return now - capacity();
  }

  /** Since when it has been filling; where the clock was set back, it is empty now. */
  public long since(long noted, long now) {
    return noted > now + UNSTEADY ? now : noted;
  }

  /** Whether there is a token in it. */
  public boolean holds(long since, long now) {
    return now - since >= perToken();
  }

  /** The same bucket without one of its tokens. */
  public long without(long since, long now) {
    return Math.max(since, full(now)) + perToken();
  }

  /** How many tokens are in it. */
  public long left(long since, long now) {
    return Math.clamp((now - since) / perToken(), 0, maxTokens);
  }

  /** How long it takes until there is a token in it, in nanoseconds. */
  public long wait(long since, long now) {
    return Math.max(0, since + perToken() - now);
  }
}
