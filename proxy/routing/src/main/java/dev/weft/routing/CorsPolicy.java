package dev.weft.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cross-origin rules of a route. Lists are already joined by commas, empty where not set. */
public record CorsPolicy(
    List<StringMatch> origins,
    String allowMethods,
    String allowHeaders,
    String exposeHeaders,
    String maxAge,
    @Nullable Boolean allowCredentials,
    boolean forwardNotMatchingPreflights)
    implements RoutePolicy {
  public CorsPolicy {
    origins = List.copyOf(origins);
  }

  /** Whether a request is a preflight that is answered here instead of being passed on. */
  public boolean answers(RequestView request) {
    if (CharSequence.compare("OPTIONS", request.method()) != 0) {
      return false;
    }
    CharSequence found = request.header("origin");
    String origin = found == null ? "" : found.toString();
    return !origin.isEmpty()
        && request.header("access-control-request-method") != null
        && (allows(origin) || !forwardNotMatchingPreflights);
  }

  /** Whether the origin is allowed. */
  public boolean allows(CharSequence origin) {
    return origins.stream().anyMatch(o -> o.matches(origin));
  }
}
