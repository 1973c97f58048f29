package dev.weft.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a proxy lets through by itself ({@code LocalRateLimit}).
 *
 * @param name of the place where it is configured; two of one place have the same buckets where
 *     they are the same, two of different places never
 * @param statPrefix of its counters
 * @param bucket null: only requests that a limit of {@code limits} is for are counted
 * @param enabled share of requests that it looks at
 * @param enforced share of them that it refuses where there is no token; the others go on
 * @param marks what the head of a request gets that goes on without a token
 * @param refusal what a client gets whose request goes on no more
 * @param rules by which it tells requests apart; empty: those of the route hold
 * @param hostRules which of the rules of the virtual host hold besides those of the route
 * @param alwaysDefault true: who has a token of a limit needs one of {@code bucket}, too
 * @param perConnection true: each connection has buckets of its own
 * @param tellsQuota true: answers say how much is left ({@code x-ratelimit-*})
 */
public record RateLimitPolicy(
    String name,
    String statPrefix,
    @Nullable TokenBucket bucket,
    Fraction enabled,
    Fraction enforced,
    HeaderEdits marks,
    Refusal refusal,
    List<Limit> limits,
    List<RateLimitRule> rules,
    int stage,
    HostRules hostRules,
    boolean alwaysDefault,
    boolean perConnection,
    boolean tellsQuota)
    implements RoutePolicy {
  public RateLimitPolicy {
    limits = List.copyOf(limits);
    rules = List.copyOf(rules);
  }

  /**
   * The answer to a request that has no token.
   *
   * @param status of HTTP, at least 400
   * @param exhausted true: gRPC clients are told RESOURCE_EXHAUSTED instead of UNAVAILABLE
   */
  public record Refusal(int status, HeaderEdits headers, boolean exhausted) {}

  /** A bucket for requests with exactly these entries. */
  public record Limit(List<Entry> entries, TokenBucket bucket) {
    public Limit {
      entries = List.copyOf(entries);
    }

    /** Whether it is for requests of which this is known. */
    public boolean isFor(List<Entry> known) {
      boolean same = known.size() == entries.size();
      for (int i = 0; same && i < entries.size(); i++) {
        same =
            entries.get(i).key().equals(known.get(i).key())
                && entries.get(i).value().equals(known.get(i).value());
      }
      return same;
    }
  }

  /** What is known of a request. */
  public record Entry(String key, String value) {}

  /** Envoy's {@code VhRateLimitsOptions}. */
  public enum HostRules {
    WHERE_ROUTE_HAS_NONE,
    ALWAYS,
    NEVER
  }
}
