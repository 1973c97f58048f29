package dev.weft.config;

import dev.weft.types.HeaderText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code LocalRateLimit} of a filter or of routes. Envoy:
 * api/envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit.proto.
 */
final class RateLimitParser {
  private static final int MOST_HEADERS = 10;
  private static final int LAST_STAGE = 10;
  private static final int MOST_STATUS = 599;
  private static final Duration SHORTEST_FILL = Duration.ofMillis(50);

  private static final Set<String> PSEUDO = Set.of(":method", ":scheme", ":authority", ":path");

  /** Envoy: api/envoy/type/v3/http_status.proto, those that refuse something. */
  private static final Set<String> STATUS =
      Set.of(
          "BadRequest",
          "Unauthorized",
          "PaymentRequired",
          "Forbidden",
          "NotFound",
          "MethodNotAllowed",
          "NotAcceptable",
          "ProxyAuthenticationRequired",
          "RequestTimeout",
          "Conflict",
          "Gone",
          "LengthRequired",
          "PreconditionFailed",
          "PayloadTooLarge",
          "URITooLong",
          "UnsupportedMediaType",
          "RangeNotSatisfiable",
          "ExpectationFailed",
          "MisdirectedRequest",
          "UnprocessableEntity",
          "Locked",
          "FailedDependency",
          "UpgradeRequired",
          "PreconditionRequired",
          "TooManyRequests",
          "RequestHeaderFieldsTooLarge",
          "InternalServerError",
          "NotImplemented",
          "BadGateway",
          "ServiceUnavailable",
          "GatewayTimeout",
          "HTTPVersionNotSupported",
          "VariantAlsoNegotiates",
          "InsufficientStorage",
          "LoopDetected",
          "NotExtended",
          "NetworkAuthenticationRequired");

  private RateLimitParser() {}

  /**
   * @param filter whether it is the filter's own, which needs no limit where routes have some
   */
  static void read(MessageReader m, boolean filter) {
    if (m.text("stat_prefix").isEmpty()) {
      m.missing("stat_prefix", "a name is needed, by which its counters are found");
    }
    m.message("status", RateLimitParser::status);
    boolean limited = m.message("token_bucket", RateLimitParser::bucket);
    m.messages("descriptors", Integer.MAX_VALUE, RateLimitParser::descriptor);
    if (!limited && !filter) {
      m.missing("token_bucket", "the limit is missing: write max_tokens and fill_interval");
    }
    m.message("filter_enabled", RateLimitParser::share);
    m.message("filter_enforced", RateLimitParser::share);
    m.messages("request_headers_to_add_when_not_enforced", MOST_HEADERS, TypedConfigParser::header);
    m.messages("response_headers_to_add", MOST_HEADERS, TypedConfigParser::header);
    m.flag("local_rate_limit_per_downstream_connection");
    m.choice("enable_x_ratelimit_headers", "OFF", "DRAFT_VERSION_03");
    m.flag("rate_limited_as_resource_exhausted");
    List<Map<String, Object>> unused = rules(m);
    m.whole("stage", 0, LAST_STAGE);
    m.choice("vh_rate_limits", "OVERRIDE", "INCLUDE", "IGNORE");
    m.flag("always_consume_default_token_bucket");
    m.withoutEffect("max_dynamic_descriptors", "each descriptor has a value");
    m.notCarriedOut("local_cluster_rate_limit");
  }

  /** {@code rate_limits}: by what limits tell requests apart. */
  static List<Map<String, Object>> rules(MessageReader m) {
    return m.messagesOf("rate_limits", Integer.MAX_VALUE, RateLimitParser::rateLimit);
  }

  private static void status(MessageReader m) {
    if (m.in().any("code") instanceof String name && STATUS.contains(name)) {
      m.put("code", name);
    } else if (m.whole("code", 100, MOST_STATUS) == null && !m.in().has("code")) {
      m.missing("code", "a status is needed, such as 429");
    }
  }

  private static void bucket(MessageReader m) {
    if (m.whole("max_tokens", 1, Integer.MAX_VALUE) == null && !m.in().has("max_tokens")) {
      m.missing("max_tokens", "the number of requests is missing");
    }
    m.whole("tokens_per_fill", 1, Integer.MAX_VALUE);
    String interval = m.duration("fill_interval");
    if (!m.in().has("fill_interval")) {
      m.missing("fill_interval", "the time is missing after which there are more: write 60s");
    }
    Optional<Duration> every = interval.isEmpty() ? Optional.empty() : Durations.parse(interval);
    if (every.isPresent() && every.get().compareTo(SHORTEST_FILL) < 0) {
      m.in().error("fill_interval", "0.05s is the shortest");
    }
  }

  private static void descriptor(MessageReader m) {
    int entries =
        m.messages(
            "entries",
            Integer.MAX_VALUE,
            e -> {
              if (e.text("key").isEmpty()) {
                e.in().error("key", "the key is missing");
              }
              if (e.text("value").isEmpty()) {
                e.leftOut("value", "there is no bucket for each value of a key");
              }
            });
    if (entries == 0) {
      m.in().error("entries", "at least one entry is needed, with key and value");
    }
    if (!m.message("token_bucket", RateLimitParser::bucket)) {
      m.in().error("token_bucket", "the limit is missing: write max_tokens and fill_interval");
    }
  }

  private static void share(MessageReader m) {
    boolean there =
        m.message(
            "default_value",
            p -> {
              p.whole("numerator", 0, Integer.MAX_VALUE);
              p.choice("denominator", "HUNDRED", "TEN_THOUSAND", "MILLION");
            });
    if (!there) {
      m.missing("default_value", "the share is missing: write default_value.numerator: 100");
    }
    m.runtimeKey();
  }

  private static void rateLimit(MessageReader m) {
    if (m.messages("actions", Integer.MAX_VALUE, RateLimitParser::action) == 0) {
      m.in().error("actions", "at least one action is needed");
    }
    m.whole("stage", 0, LAST_STAGE);
    m.notCarriedOut("disable_key", "limit", "hits_addend", "apply_on_stream_done");
  }

  private static void action(MessageReader m) {
    int kinds = 0;
    kinds +=
        one(
            m.message(
                "request_headers",
                a -> {
                  seen(a, "header_name");
                  needed(a, "descriptor_key");
                  a.flag("skip_if_absent");
                }));
    kinds +=
        one(
            m.message(
                "generic_key",
                a -> {
                  needed(a, "descriptor_value");
                  a.text("descriptor_key");
                  a.notCarriedOut("default_value");
                }));
    kinds += one(m.message("remote_address", a -> {}));
    kinds +=
        one(
            m.message(
                "header_value_match",
                a -> {
                  needed(a, "descriptor_value");
                  a.text("descriptor_key");
                  a.flag("expect_match");
                  if (a.messages("headers", Integer.MAX_VALUE, RateLimitParser::matched) == 0) {
                    a.in().error("headers", "at least one header is needed");
                  }
                  a.notCarriedOut("default_value");
                }));
    for (String other : m.in().keys()) {
      if (!m.fields().containsKey(other)) {
        m.notCarriedOut(other);
        kinds++;
      }
    }
    if (kinds != 1) {
      m.in().error("generic_key", "an action is one of request_headers, header_value_match, ...");
    }
  }

  private static int one(boolean there) {
    return there ? 1 : 0;
  }

  /** The name of a header that requests are told apart by. */
  private static void seen(MessageReader m, String key) {
    String name = m.text(key);
    if (!HeaderText.isName(name) && !PSEUDO.contains(name)) {
      m.in().error(key, "'" + name + "' is not the name of a header");
    }
  }

  private static void needed(MessageReader m, String key) {
    if (m.text(key).isEmpty()) {
      m.in().error(key, "a text is needed");
    }
  }

  private static void matched(MessageReader m) {
    seen(m, "name");
    m.message(
        "string_match",
        s -> {
          s.text("exact");
          s.text("prefix");
          s.text("suffix");
          s.text("contains");
          s.message(
              "safe_regex",
              x -> {
                MatchParser.checkRegex(x.in(), "regex", x.text("regex"));
                x.in().ignored("google_re2");
              });
          s.flag("ignore_case");
        });
    m.flag("present_match");
    m.flag("invert_match");
    m.notCarriedOut(
        "exact_match",
        "safe_regex_match",
        "range_match",
        "prefix_match",
        "suffix_match",
        "contains_match",
        "treat_missing_header_as_empty");
  }
}
