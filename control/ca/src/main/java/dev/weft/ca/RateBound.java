package dev.weft.ca;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each caller.
 *
 * <p>Thread-safe.
 */
final class RateBound {
  private static final int MAX_CALLERS = 10_000;

  private final double perSecond;
  private final double burst;
  private final InstantSource clock;
  private final Map<Caller, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Caller, Bucket> eldest) {
          return size() > MAX_CALLERS;
        }
      };

  private record Bucket(double tokens, long atMillis) {}

  RateBound(double perSecond, double burst, InstantSource clock) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.clock = clock;
  }

  /** Takes one token of the caller's; false where it has none left. */
  synchronized boolean admit(Caller caller) {
    long now = clock.millis();
    Bucket bucket = buckets.getOrDefault(caller, new Bucket(burst, now));
    double gained = Math.max(0, now - bucket.atMillis()) / 1000.0 * perSecond;
    double tokens = Math.min(burst, bucket.tokens() + gained);
    boolean admitted = tokens >= 1;
    buckets.put(caller, new Bucket(admitted ? tokens - 1 : tokens, now));
    return admitted;
  }
}
