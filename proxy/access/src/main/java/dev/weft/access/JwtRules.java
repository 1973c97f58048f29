package dev.weft.access;

import dev.weft.routing.RequestView;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens requests need. Envoy: envoy.extensions.filters.http.jwt_authn.v3.
 *
 * @param providers by name
 * @param sparePreflight whether a cross-origin preflight needs none
 */
public record JwtRules(
    Map<String, JwtProvider> providers, JwtRequirement requirement, boolean sparePreflight) {
  public JwtRules {
    providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
  }

  /**
   * Verifies the tokens of a request.
   *
   * @param now against which their times are compared
   */
  public JwtDecision decide(RequestView request, Instant now) {
    if (sparePreflight && preflight(request)) {
      return new JwtDecision.Passed(Claims.NONE, ours(), Map.of(), null);
    }
    JwtVerification verification = new JwtVerification(this, request, now);
    JwtStatus status = verification.verify(requirement);
    return status == JwtStatus.OK ? verification.passed() : new JwtDecision.Refused(status);
  }

  private static boolean preflight(RequestView request) {
    return "OPTIONS".contentEquals(request.method())
        && filled(request.header("origin"))
        && filled(request.header("access-control-request-method"));
  }

  private static boolean filled(@Nullable CharSequence value) {
    return value != null && !value.isEmpty();
  }

  /** Headers that only this proxy writes: nobody else may say what a token said. */
  Set<String> ours() {
    Set<String> headers = new TreeSet<>();
    for (JwtProvider provider : providers.values()) {
      if (!provider.payloadHeader().isEmpty()) {
        headers.add(provider.payloadHeader());
      }
      provider.claimHeaders().forEach(h -> headers.add(h.header()));
    }
    return headers;
  }
}
