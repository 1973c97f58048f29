package dev.weft.exchange;

import dev.weft.routing.CorsPolicy;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.Route;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cross-origin rules of the route. */
record CorsFilter() implements Filter {
  /** What the server says of its own accord does not count beside the rules of the route. */
  private static final List<HeaderEdits> OURS =
      List.of(
          new HeaderEdits(
              List.of(
                  "access-control-allow-origin",
                  "access-control-allow-credentials",
                  "access-control-expose-headers"),
              List.of()));

  @Override
  public boolean readsRoute() {
    return true;
  }

  @Override
  public Step head(Asked request) {
    CorsPolicy cors = policy(request);
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

  @Override
  public boolean readsAnswers() {
    return true;
  }

  @Override
  public Answering answer(Answered answer) {
    CorsPolicy cors = policy(answer.request());
    CharSequence origin = cors == null ? null : answer.request().request().header("origin");
    return cors == null || origin == null || !cors.allows(origin)
        ? Answering.AS_IT_IS
        : new Answering(OURS, actual(cors, origin.toString()), null);
  }

  private static @Nullable CorsPolicy policy(Asked request) {
    Route route = request.route();
    return route == null ? null : route.policy(CorsPolicy.class);
  }

  private static List<String> actual(CorsPolicy cors, String origin) {
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
