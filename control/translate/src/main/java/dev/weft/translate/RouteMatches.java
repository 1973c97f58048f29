package dev.weft.translate;

import com.google.protobuf.BoolValue;
import dev.weft.config.StringMatch;
import dev.weft.config.VirtualService.HttpMatch;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions of requests. Istio: pilot/pkg/networking/core/route/route.go TranslateRouteMatch. */
final class RouteMatches {
  private RouteMatches() {}

  static RouteMatch of(@Nullable HttpMatch match) {
    RouteMatch.Builder result = RouteMatch.newBuilder().setPrefix("/");
    if (match == null) {
      return result.build();
    }
    if (match.uri() != null) {
      path(result, match.uri());
    }
    if (match.ignoreUriCase()) {
      result.setCaseSensitive(BoolValue.of(false));
    }
    match.headers().forEach((name, value) -> add(result, name, value, false));
    match.withoutHeaders().forEach((name, value) -> add(result, name, value, true));
    pseudo(result, ":method", match.method());
    pseudo(result, ":authority", match.authority());
    pseudo(result, ":scheme", match.scheme());
    match.queryParams().forEach((name, value) -> result.addQueryParameters(query(name, value)));
    return result.build();
  }

  private static void path(RouteMatch.Builder result, StringMatch uri) {
    switch (uri) {
      case StringMatch.Exact exact -> result.setPath(exact.value());
      case StringMatch.Prefix prefix -> result.setPrefix(prefix.value());
      case StringMatch.Regex regex ->
          result.setSafeRegex(RegexMatcher.newBuilder().setRegex(regex.value()));
      case StringMatch.Present present -> result.setPrefix("/");
    }
  }

  private static void pseudo(RouteMatch.Builder result, String name, @Nullable StringMatch value) {
    if (value != null) {
      result.addHeaders(header(name, value, false));
    }
  }

  /** A condition on a header, or on a claim that is written like one. */
  private static void add(
      RouteMatch.Builder result, String name, StringMatch value, boolean invert) {
    List<String> claim = JwtClaims.routed(name);
    if (claim.isEmpty()) {
      result.addHeaders(header(name, value, invert));
      return;
    }
    ValueMatcher wanted =
        value instanceof StringMatch.Present
            ? ValueMatcher.newBuilder().setPresentMatch(true).build()
            : JwtClaims.selfOrInList(
                ValueMatcher.newBuilder().setStringMatch(string(value)).build());
    result.addDynamicMetadata(JwtClaims.metadata(claim, wanted).toBuilder().setInvert(invert));
  }

  private static HeaderMatcher header(String name, StringMatch value, boolean invert) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(name).setInvertMatch(invert);
    if (value instanceof StringMatch.Present) {
      matcher.setPresentMatch(true);
    } else {
      // A header that is missing has not the value that is not wanted.
      matcher.setStringMatch(string(value)).setTreatMissingHeaderAsEmpty(invert);
    }
    return matcher.build();
  }

  private static QueryParameterMatcher query(String name, StringMatch value) {
    QueryParameterMatcher.Builder matcher = QueryParameterMatcher.newBuilder().setName(name);
    if (value instanceof StringMatch.Present) {
      matcher.setPresentMatch(true);
    } else {
      matcher.setStringMatch(string(value));
    }
    return matcher.build();
  }

  static StringMatcher string(StringMatch match) {
    StringMatcher.Builder matcher = StringMatcher.newBuilder();
    switch (match) {
      case StringMatch.Exact exact -> matcher.setExact(exact.value());
      case StringMatch.Prefix prefix -> matcher.setPrefix(prefix.value());
      case StringMatch.Regex regex ->
          matcher.setSafeRegex(RegexMatcher.newBuilder().setRegex(regex.value()));
      case StringMatch.Present present ->
          matcher.setSafeRegex(RegexMatcher.newBuilder().setRegex(".*"));
    }
    return matcher.build();
  }
}
