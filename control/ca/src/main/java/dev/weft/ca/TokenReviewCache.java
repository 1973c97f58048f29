package dev.weft.ca;

import dev.weft.types.ClusterId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps answers about tokens for a short while, by a hash of the token, and bounds how many
 * questions are under way. A restart of many proxies must not become a storm on an API server.
 *
 * <p>Thread-safe.
 */
public final class TokenReviewCache {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration REJECTED_FOR = Duration.ofSeconds(5);
  private static final int MAX_ENTRIES = 20_000;
  private static final int MAX_UNDER_WAY = 64;

  private final Duration acceptedFor;
  private final InstantSource clock;
  private final Semaphore underWay = new Semaphore(MAX_UNDER_WAY, true);
  private final Map<Key, Kept> entries =
      new LinkedHashMap<Key, Kept>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Kept> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  /**
   * @param cluster empty of the config API
   */
  private record Key(Optional<ClusterId> cluster, String hash) {}

  private record Kept(TokenReview review, Instant until) {}

  /**
   * @param acceptedFor how long a yes is believed; at most 60 seconds, zero for never
   */
  public TokenReviewCache(Duration acceptedFor, InstantSource clock) {
    if (acceptedFor.isNegative() || acceptedFor.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "token reviews are kept for 0 to 60 s, not " + acceptedFor.toSeconds() + " s");
    }
    this.acceptedFor = acceptedFor;
    this.clock = clock;
  }

  TokenReview review(ClusterId cluster, BearerToken token, TokenReviewer reviewer) {
    return review(new Key(Optional.of(cluster), token.hash()), token, reviewer);
  }

  TokenReview ofConfigApi(BearerToken token, TokenReviewer reviewer) {
    return review(new Key(Optional.empty(), token.hash()), token, reviewer);
  }

  private TokenReview review(Key key, BearerToken token, TokenReviewer reviewer) {
    @Nullable TokenReview known = known(key);
    if (known != null) {
      return known;
    }
    TokenReview review;
    underWay.acquireUninterruptibly();
    try {
      review = reviewer.review(token);
    } finally {
      underWay.release();
    }
    Duration keep =
        switch (review) {
          case TokenReview.Accepted _ -> acceptedFor;
          case TokenReview.Rejected _ ->
              acceptedFor.compareTo(REJECTED_FOR) < 0 ? acceptedFor : REJECTED_FOR;
          case TokenReview.Unanswered _ -> Duration.ZERO;
        };
    if (!keep.isZero()) {
      synchronized (entries) {
        entries.put(key, new Kept(review, clock.instant().plus(keep)));
      }
    }
    return review;
  }

  private @Nullable TokenReview known(Key key) {
    synchronized (entries) {
      Kept entry = entries.get(key);
      if (entry == null) {
        return null;
      }
      if (clock.instant().isBefore(entry.until())) {
        return entry.review();
      }
      entries.remove(key);
      return null;
    }
  }
}
