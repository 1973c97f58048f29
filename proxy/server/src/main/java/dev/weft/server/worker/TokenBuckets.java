package dev.weft.server.worker;

import dev.weft.exchange.Buckets;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.TokenBucket;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** The buckets of one limit of rates, full at first. Safe for all threads. */
public final class TokenBuckets implements Buckets {
  private static final long NANOS = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private final RateLimitPolicy limit;
  private final InstantSource clock;
  private final AtomicLongArray since;

  /** Full buckets. */
  public TokenBuckets(RateLimitPolicy limit, InstantSource clock) {
    this.limit = limit;
    this.clock = clock;
    this.since = new AtomicLongArray(limit.limits().size() + 1);
    long now = now();
    for (int i = 0; i < since.length(); i++) {
      TokenBucket bucket = bucket(i);
      since.setPlain(i, bucket == null ? 0 : bucket.full(now));
    }
  }

  private long now() {
    return clock.millis() * NANOS;
  }

  private @Nullable TokenBucket bucket(int index) {
    return index == 0 ? limit.bucket() : limit.limits().get(index - 1).bucket();
  }

  @Override
  public boolean take(int index) {
    TokenBucket bucket = bucket(index);
    if (bucket == null) {
      return true;
    }
    long now = now();
    while (true) {
      long noted = since.get(index);
      long from = bucket.since(noted, now);
      boolean holds = bucket.holds(from, now);
      long next = holds ? bucket.without(from, now) : from;
      if (next == noted || since.compareAndSet(index, noted, next)) {
        return holds;
      }
    }
  }

  @Override
  public long left(int index) {
    TokenBucket bucket = bucket(index);
    return bucket == null ? 0 : bucket.left(since.get(index), now());
  }

  @Override
  public long secondsToNext(int index) {
    TokenBucket bucket = bucket(index);
    return bucket == null ? 0 : Math.ceilDiv(bucket.wait(since.get(index), now()), SECOND);
  }
}
