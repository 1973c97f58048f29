package dev.weft.exchange;

import dev.weft.routing.CorsPolicy;
import dev.weft.routing.Route;
import java.util.ArrayList;
import java.util.List;

/** Cross-origin rules of the route. */
public record CorsFilter() implements Filter {
  @Override
  public boolean readsRoute() {
    return true;
  }

  @Override
  public Step head(Asked request) {
    Route route = request.route();
    CorsPolicy cors = route == null ? null : route.cors();
    return cors != null && cors.answers(request.request())
        ? preflight(cors, String.valueOf(request.request().header("origin")))
        : Step.GO_ON;
  }

  private static Step preflight(CorsPolicy cors, String origin) {
    if (!cors.allows(origin)) {
      return Step.Reply.of(200, "cors_response", "");
    }
    List<String> headers = new ArrayList<>(actual(cors, origin));
    if (!cors.allowMethods().isEmpty()) {
      headers.add("access-control-allow-methods: " + cors.allowMethods());
    }
    if (!cors.allowHeaders().isEmpty()) {
      headers.add("access-control-allow-headers: " + cors.allowHeaders());
    }
    if (!cors.maxAge().isEmpty()) {
      headers.add("access-control-max-age: " + cors.maxAge());
    }
    return new Step.Reply(200, 0, "cors_response", "", headers);
  }

  /** Header lines of an answer to a cross-origin request. */
  public static List<String> actual(CorsPolicy cors, String origin) {
    List<String> headers = new ArrayList<>(3);
    headers.add("access-control-allow-origin: " + origin);
    if (Boolean.TRUE.equals(cors.allowCredentials())) {
      headers.add("access-control-allow-credentials: true");
    }
    if (!cors.exposeHeaders().isEmpty()) {
      headers.add("access-control-expose-headers: " + cors.exposeHeaders());
    }
    return headers;
  }
}
