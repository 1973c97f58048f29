package dev.weft.runtime;

import dev.weft.routing.ClaimMatch;
import dev.weft.routing.ClaimRule;
import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderMatch;
import dev.weft.routing.QueryMatch;
import dev.weft.routing.RegexPattern;
import dev.weft.routing.StringMatch;
import dev.weft.xds.client.ProtoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Matchers that many resources share. */
final class Matchers {
  private static final String TOKENS = "envoy.filters.http.jwt_authn";

  private Matchers() {}

  static StringMatch string(ProtoFields in) {
    boolean ignoreCase = in.bool(6);
    if (in.has(1)) {
      return new StringMatch.Exact(in.text(1), ignoreCase);
    }
    if (in.has(2)) {
      return new StringMatch.Prefix(in.text(2), ignoreCase);
    }
    if (in.has(3)) {
      return new StringMatch.Suffix(in.text(3), ignoreCase);
    }
    if (in.has(7)) {
      return new StringMatch.Contains(in.text(7), ignoreCase);
    }
    ProtoFields regex = in.message(5, "safe_regex");
    if (regex != null) {
      return new StringMatch.Regex(regex(regex));
    }
    throw in.reject("match_pattern", "only exact, prefix, suffix, contains and safe_regex work");
  }

  static RegexPattern regex(ProtoFields in) {
    in.ignore(IgnoredInRoutes.REGEX);
    try {
      return RegexPattern.compile(in.text(2));
    } catch (IllegalArgumentException e) {
      throw in.reject("regex", String.valueOf(e.getMessage()));
    }
  }

  static HeaderMatch header(ProtoFields in) {
    String name = in.text(1).toLowerCase(Locale.ROOT);
    boolean invert = in.bool(8);
    boolean missingAsEmpty = in.bool(14);
    return new HeaderMatch(name, headerRule(in), invert, missingAsEmpty);
  }

  private static HeaderMatch.Rule headerRule(ProtoFields in) {
    ProtoFields string = in.message(13, "string_match");
    if (string != null) {
      return new HeaderMatch.Value(string(string));
    }
    ProtoFields range = in.message(6, "range_match");
    if (range != null) {
      return new HeaderMatch.Range(range.number(1), range.number(2));
    }
    ProtoFields regex = in.message(11, "safe_regex_match");
    if (regex != null) {
      return new HeaderMatch.Value(new StringMatch.Regex(regex(regex)));
    }
    StringMatch old = deprecated(in);
    if (old != null) {
      return new HeaderMatch.Value(old);
    }
    return new HeaderMatch.Present(!in.has(7) || in.bool(7));
  }

  private static @Nullable StringMatch deprecated(ProtoFields in) {
    if (in.has(4)) {
      return new StringMatch.Exact(in.text(4), false);
    }
    if (in.has(9)) {
      return new StringMatch.Prefix(in.text(9), false);
    }
    if (in.has(10)) {
      return new StringMatch.Suffix(in.text(10), false);
    }
    return in.has(12) ? new StringMatch.Contains(in.text(12), false) : null;
  }

  static QueryMatch query(ProtoFields in) {
    ProtoFields string = in.message(5, "string_match");
    if (string == null && in.has(6) && !in.bool(6)) {
      throw in.reject("present_match", "false is not supported");
    }
    return new QueryMatch(in.text(1), string == null ? null : string(string));
  }

  /** {@code MetadataMatcher}, of which only that of verified tokens is kept. */
  static ClaimRule claim(ProtoFields in) {
    if (!in.text(1).equals(TOKENS)) {
      throw in.reject("filter", "only metadata of " + TOKENS + " is kept");
    }
    return new ClaimRule(
        in.each(2, "path", segment -> segment.text(1)),
        claimValue(in.required(3, "value")),
        in.bool(4));
  }

  private static ClaimMatch claimValue(ProtoFields in) {
    if (in.has(3)) {
      return new ClaimMatch.Text(string(in.required(3, "string_match")));
    }
    if (in.has(4)) {
      return new ClaimMatch.Bool(in.bool(4));
    }
    if (in.has(5)) {
      return new ClaimMatch.Present(in.bool(5));
    }
    if (in.has(6)) {
      return new ClaimMatch.ListWith(
          claimValue(in.required(6, "list_match").required(1, "one_of")));
    }
    if (in.has(7)) {
      return new ClaimMatch.AnyOf(
          in.required(7, "or_match").each(1, "value_matchers", Matchers::claimValue));
    }
    throw in.reject(
        "match_pattern", "only string, bool, present, list and or matches are supported");
  }

  /** {@code FractionalPercent}; everything where it is missing. */
  static Fraction fraction(@Nullable ProtoFields in) {
    if (in == null) {
      return Fraction.ALL;
    }
    long numerator = in.number(1);
    long parts =
        switch (in.integer(2)) {
          case 0 -> numerator * 10_000;
          case 1 -> numerator * 100;
          case 2 -> numerator;
          default -> throw in.reject("denominator", "unknown value");
        };
    return new Fraction((int) Math.min(parts, 1_000_000));
  }

  /** {@code RuntimeFractionalPercent}; runtime keys have no values here, so the default holds. */
  static Fraction runtimeFraction(@Nullable ProtoFields in) {
    if (in == null) {
      return Fraction.ALL;
    }
    in.ignore(IgnoredInRoutes.RUNTIME_FRACTION);
    return fraction(in.message(1, "default_value"));
  }
}
