package dev.weft.runtime;

import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HeaderMatch;
import dev.weft.routing.IpLiteral;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.RateLimitPolicy.HostRules;
import dev.weft.routing.RateLimitRule;
import dev.weft.routing.TokenBucket;
import dev.weft.xds.client.ProtoFields;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** {@code LocalRateLimit}, and the {@code RateLimit} of routes. */
final class RateLimitCompiler {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int MOST_HEADERS = 10;
  private static final int LAST_STAGE = 10;

  /** Envoy's, for it does not look at the clock more often. */
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);

  private RateLimitCompiler() {}

  /** The limits of one place, whose name they bear. */
  static RateLimitPolicy policy(ProtoFields in, String place) {
    in.ignore(IgnoredInListeners.LOCAL_RATE_LIMIT);
    String prefix = in.text(1);
    if (prefix.isEmpty()) {
      throw in.reject("stat_prefix", "is missing");
    }
    ProtoFields bucket = in.message(3, "token_bucket");
    return new RateLimitPolicy(
        place,
        prefix,
        bucket == null ? null : bucket(bucket),
        share(in, 4, "filter_enabled"),
        share(in, 5, "filter_enforced"),
        headers(in, 10, "request_headers_to_add_when_not_enforced"),
        refusal(in),
        in.each(8, "descriptors", RateLimitCompiler::limit),
        rules(in, 17),
        stage(in, in.integer(9)),
        hostRules(in),
        in.wrappedBool(14, true),
        in.bool(11),
        tellsQuota(in));
  }

  /** What holds for a route has to have a bucket. */
  static RateLimitPolicy ofRoute(ProtoFields in, String place) {
    RateLimitPolicy policy = policy(in, place);
    if (policy.bucket() == null) {
      throw in.reject("token_bucket", "is missing, which a route has to have");
    }
    return policy;
  }

  /** A missing share means no request, as in Envoy. */
  private static Fraction share(ProtoFields in, int field, String name) {
    ProtoFields share = in.message(field, name);
    if (share == null) {
      return Fraction.NONE;
    }
    ProtoFields unused = share.required(1, "default_value");
    return Matchers.runtimeFraction(share);
  }

  private static RateLimitPolicy.Refusal refusal(ProtoFields in) {
    ProtoFields status = in.message(2, "status");
    int code = status == null ? 0 : status.integer(1);
    if (code > 599) {
      throw in.reject("status.code", code + " is not in 400-599");
    }
    return new RateLimitPolicy.Refusal(
        code < 400 ? TOO_MANY_REQUESTS : code,
        headers(in, 6, "response_headers_to_add"),
        in.bool(15));
  }

  private static HeaderEdits headers(ProtoFields in, int field, String name) {
    List<HeaderEdits.Edit> edits = in.each(field, name, HeaderEditsCompiler::plain);
    if (edits.size() > MOST_HEADERS) {
      throw in.reject(name, edits.size() + " are more than " + MOST_HEADERS);
    }
    return edits.isEmpty() ? HeaderEdits.NONE : new HeaderEdits(List.of(), edits);
  }

  private static TokenBucket bucket(ProtoFields in) {
    long most = in.number(1);
    long perFill = in.wrapped(2, 1);
    Duration interval = in.duration(3, Duration.ZERO);
    if (most < 1) {
      throw in.reject("max_tokens", "is not at least 1");
    }
    if (perFill < 1) {
      throw in.reject("tokens_per_fill", "is not at least 1");
    }
    if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
      throw in.reject("fill_interval", "is not at least 50ms");
    }
    return new TokenBucket(most, perFill, interval);
  }

  private static RateLimitPolicy.Limit limit(ProtoFields in) {
    List<RateLimitPolicy.Entry> entries = in.each(1, "entries", RateLimitCompiler::entry);
    if (entries.isEmpty()) {
      throw in.reject("entries", "is missing");
    }
    return new RateLimitPolicy.Limit(entries, bucket(in.required(2, "token_bucket")));
  }

  private static RateLimitPolicy.Entry entry(ProtoFields in) {
    if (in.text(2).isEmpty()) {
      throw in.reject("value", "is missing: a bucket for each value is not supported");
    }
    String key = named(in, 1, "key");
    String value = in.text(2);
    boolean address = key.equals("remote_address") && IpLiteral.is(value);
    return new RateLimitPolicy.Entry(key, address ? IpLiteral.text(IpLiteral.parse(value)) : value);
  }

  private static int stage(ProtoFields in, int stage) {
    if (stage < 0 || stage > LAST_STAGE) {
      throw in.reject("stage", stage + " is not in 0-" + LAST_STAGE);
    }
    return stage;
  }

  private static HostRules hostRules(ProtoFields in) {
    return switch (in.integer(13)) {
      case 0 -> HostRules.WHERE_ROUTE_HAS_NONE;
      case 1 -> HostRules.ALWAYS;
      case 2 -> HostRules.NEVER;
      default -> throw in.reject("vh_rate_limits", "unknown value");
    };
  }

  private static boolean tellsQuota(ProtoFields in) {
    int version = in.integer(12);
    if (version > 1) {
      throw in.reject("enable_x_ratelimit_headers", "only OFF and DRAFT_VERSION_03 are supported");
    }
    return version == 1;
  }

  /** {@code RateLimit} of a virtual host, of a route, or of the filter itself. */
  static List<RateLimitRule> rules(ProtoFields in, int field) {
    return in.each(field, "rate_limits", RateLimitCompiler::rule);
  }

  private static RateLimitRule rule(ProtoFields in) {
    List<RateLimitRule.Part> parts = in.each(3, "actions", RateLimitCompiler::part);
    if (parts.isEmpty()) {
      throw in.reject("actions", "is missing");
    }
    return new RateLimitRule(stage(in, (int) in.wrapped(1, 0)), parts);
  }

  private static RateLimitRule.Part part(ProtoFields in) {
    ProtoFields header = in.message(3, "request_headers");
    if (header != null) {
      return new RateLimitRule.Header(
          named(header, 1, "header_name").toLowerCase(Locale.ROOT),
          named(header, 2, "descriptor_key"),
          header.bool(3));
    }
    if (in.message(4, "remote_address") != null) {
      return new RateLimitRule.Client();
    }
    ProtoFields fixed = in.message(5, "generic_key");
    if (fixed != null) {
      return new RateLimitRule.Fixed(
          or(fixed.text(2), "generic_key"), named(fixed, 1, "descriptor_value"));
    }
    ProtoFields matching = in.message(6, "header_value_match");
    if (matching != null) {
      return matching(matching);
    }
    throw in.reject(
        "action_specifier",
        "only request_headers, remote_address, generic_key and header_value_match are supported");
  }

  private static RateLimitRule.Part matching(ProtoFields in) {
    List<HeaderMatch> headers = in.each(3, "headers", Matchers::header);
    if (headers.isEmpty()) {
      throw in.reject("headers", "is missing");
    }
    return new RateLimitRule.Matching(
        or(in.text(4), "header_match"),
        named(in, 1, "descriptor_value"),
        in.wrappedBool(2, true),
        headers);
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static String named(ProtoFields in, int field, String name) {
    String text = in.text(field);
    if (text.isEmpty()) {
      throw in.reject(name, "is missing");
    }
    return text;
  }
}
