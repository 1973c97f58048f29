package dev.weft.translate;

import io.envoyproxy.envoy.type.matcher.v3.ListMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.OrMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.List;

/** Where the claims of verified tokens are found. Istio: pilot/pkg/xds/filters/filters.go. */
final class JwtClaims {
  static final String FILTER = "envoy.filters.http.jwt_authn";
  static final String PAYLOAD = "payload";
  private static final String ROUTED = "@request.auth.claims";

  private JwtClaims() {}

  /**
   * The names of the claim that a header of a VirtualService stands for; empty for a header. Istio:
   * pkg/jwt/routing.go.
   */
  static List<String> routed(String header) {
    if (!header.startsWith(ROUTED)) {
      return List.of();
    }
    String names = header.substring(ROUTED.length());
    if (names.startsWith("[") && names.endsWith("]")) {
      return List.of(names.substring(1, names.length() - 1).split("]\\["));
    }
    return names.startsWith(".") ? List.of(names.substring(1).split("\\.")) : List.of();
  }

  /** A value, or a list that has it. */
  static ValueMatcher selfOrInList(ValueMatcher one) {
    return any(
        List.of(
            ValueMatcher.newBuilder().setListMatch(ListMatcher.newBuilder().setOneOf(one)).build(),
            one));
  }

  static ValueMatcher any(List<ValueMatcher> matchers) {
    return ValueMatcher.newBuilder()
        .setOrMatch(OrMatcher.newBuilder().addAllValueMatchers(matchers))
        .build();
  }

  /** A condition on the claim at the end of a path of names. */
  static MetadataMatcher metadata(List<String> path, ValueMatcher value) {
    MetadataMatcher.Builder matcher =
        MetadataMatcher.newBuilder()
            .setFilter(FILTER)
            .addPath(MetadataMatcher.PathSegment.newBuilder().setKey(PAYLOAD))
            .setValue(value);
    path.forEach(key -> matcher.addPath(MetadataMatcher.PathSegment.newBuilder().setKey(key)));
    return matcher.build();
  }
}
