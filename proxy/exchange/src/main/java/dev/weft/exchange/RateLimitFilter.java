package dev.weft.exchange;

import dev.weft.routing.HeaderEdits;
import dev.weft.routing.IpLiteral;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.RateLimitPolicy.Entry;
import dev.weft.routing.RateLimitRule;
import dev.weft.routing.RateLimitRules;
import dev.weft.routing.Route;
import dev.weft.routing.TokenBucket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests need a token to go on. Envoy: source/extensions/filters/http/local_ratelimit and
 * source/extensions/filters/common/local_ratelimit.
 */
record RateLimitFilter(RateLimitPolicy own) implements Filter {
  private static final String LIMITED = "local_rate_limited";

  /** gRPC's RESOURCE_EXHAUSTED. */
  private static final String EXHAUSTED = "grpc-status: 8";

  /** No bucket counts the request. */
  private static final int UNCOUNTED = -1;

  @Override
  public boolean readsRoute() {
    return true;
  }

  @Override
  public Step head(Asked request) {
    Route route = request.route();
    RateLimitPolicy here = route == null ? null : route.policy(RateLimitPolicy.class);
    RateLimitPolicy limit = here == null ? own : here;
    return limit.enabled().selects(request.random()) ? counted(limit, request) : Step.GO_ON;
  }

  private static Step counted(RateLimitPolicy limit, Asked request) {
    request.counter().limited(limit.statPrefix(), LimitOutcome.ENABLED);
    Buckets buckets = request.buckets(limit);
    List<Integer> matched = matched(limit, request);
    int empty = take(limit, matched, buckets);
    if (empty == UNCOUNTED) {
      request.counter().limited(limit.statPrefix(), LimitOutcome.OK);
      int told = !matched.isEmpty() ? matched.getFirst() : limit.bucket() == null ? UNCOUNTED : 0;
      List<String> quota = quota(limit, told, buckets);
      return quota.isEmpty()
          ? Step.GO_ON
          : new Step.Edit(HeadChange.of(List.of(), request), false, quota);
    }
    request.counter().limited(limit.statPrefix(), LimitOutcome.RATE_LIMITED);
    List<String> quota = quota(limit, empty, buckets);
    if (!limit.enforced().selects(request.random())) {
      return new Step.Edit(HeadChange.of(List.of(limit.marks()), request), false, quota);
    }
    request.counter().limited(limit.statPrefix(), LimitOutcome.ENFORCED);
    return refused(limit.refusal(), quota, request);
  }

  /** The buckets that a request needs a token of, without the one for everybody. */
  private static List<Integer> matched(RateLimitPolicy limit, Asked request) {
    if (limit.limits().isEmpty()) {
      return List.of();
    }
    List<List<Entry>> known = new ArrayList<>();
    for (RateLimitRule rule : rules(limit, request)) {
      List<Entry> entries = entries(rule, request);
      if (!entries.isEmpty()) {
        known.add(entries);
      }
    }
    List<Integer> matched = new ArrayList<>();
    for (int i = 0; i < limit.limits().size(); i++) {
      if (known.stream().anyMatch(limit.limits().get(i)::isFor)) {
        matched.add(i + 1);
      }
    }
    // Whoever is refused takes nothing of a bucket that fills faster.
    matched.sort(Comparator.comparingDouble(i -> bucket(limit, i).tokensPerSecond()));
    return matched;
  }

  private static List<RateLimitRule> rules(RateLimitPolicy limit, Asked request) {
    if (!limit.rules().isEmpty()) {
      return limit.rules();
    }
    Route route = request.route();
    RateLimitRules here = route == null ? null : route.policy(RateLimitRules.class);
    if (here == null) {
      return List.of();
    }
    boolean ofHost =
        here.both()
            || switch (limit.hostRules()) {
              case WHERE_ROUTE_HAS_NONE -> here.route().isEmpty();
              case ALWAYS -> true;
              case NEVER -> false;
            };
    List<RateLimitRule> rules = new ArrayList<>(here.route());
    if (ofHost) {
      rules.addAll(here.host());
    }
    rules.removeIf(rule -> rule.stage() != limit.stage());
    return rules;
  }

  /** What a rule knows of a request; nothing where a part of it is not there. */
  private static List<Entry> entries(RateLimitRule rule, Asked request) {
    List<Entry> entries = new ArrayList<>(rule.parts().size());
    for (RateLimitRule.Part part : rule.parts()) {
      Entry entry = entry(part, request);
      if (entry != null) {
        entries.add(entry);
      } else if (!(part instanceof RateLimitRule.Header header && header.optional())) {
        return List.of();
      }
    }
    return entries;
  }

  private static @Nullable Entry entry(RateLimitRule.Part part, Asked request) {
    return switch (part) {
      case RateLimitRule.Header header -> {
        String value = header.value(request.request());
        yield value.isEmpty() ? null : new Entry(header.key(), value);
      }
      case RateLimitRule.Client client ->
          new Entry("remote_address", IpLiteral.text(request.clientAddress()));
      case RateLimitRule.Fixed fixed -> new Entry(fixed.key(), fixed.value());
      case RateLimitRule.Matching matching ->
          matching.holds(request.request()) ? new Entry(matching.key(), matching.value()) : null;
    };
  }

  private static TokenBucket bucket(RateLimitPolicy limit, int index) {
    return limit.limits().get(index - 1).bucket();
  }

  /**
   * Takes the tokens that a request needs.
   *
   * @return the bucket that had none; {@link #UNCOUNTED} where it has them all
   */
  private static int take(RateLimitPolicy limit, List<Integer> matched, Buckets buckets) {
    for (int bucket : matched) {
      if (!buckets.take(bucket)) {
        return bucket;
      }
    }
    boolean needsDefault = matched.isEmpty() || limit.alwaysDefault();
    return limit.bucket() != null && needsDefault && !buckets.take(0) ? 0 : UNCOUNTED;
  }

  /** {@code draft-polli-ratelimit-headers-03}. */
  private static List<String> quota(RateLimitPolicy limit, int index, Buckets buckets) {
    TokenBucket bucket =
        index == UNCOUNTED ? null : index == 0 ? limit.bucket() : bucket(limit, index);
    return bucket == null || !limit.tellsQuota()
        ? List.of()
        : List.of(
            "x-ratelimit-limit: " + bucket.maxTokens(),
            "x-ratelimit-remaining: " + buckets.left(index),
            "x-ratelimit-reset: " + buckets.secondsToNext(index));
  }

  private static Step refused(RateLimitPolicy.Refusal refusal, List<String> quota, Asked request) {
    List<String> headers = new ArrayList<>(quota);
    for (HeaderEdits.Edit edit : refusal.headers().edits()) {
      String value = edit.formatted() ? request.expand(edit.value()) : edit.value();
      if (edit.action().applies(false) && (!value.isEmpty() || edit.keepEmpty())) {
        headers.add(edit.name() + ": " + value);
      }
    }
    if (refusal.exhausted() && request.isGrpc()) {
      headers.add(EXHAUSTED);
    }
    return new Step.Reply(refusal.status(), ResponseFlag.RL.bit(), LIMITED, LIMITED, headers);
  }
}
