package dev.weft.exchange;

import dev.weft.access.JwtDecision;
import dev.weft.access.JwtRules;
import dev.weft.access.JwtStatus;
import dev.weft.routing.RequestView;
import java.util.List;

/** Tokens of requests are verified. */
record TokensFilter(JwtRules rules) implements Filter {
  /** Envoy's. */
  private static final int LONGEST_REALM = 256;

  @Override
  public Step head(Asked request) {
    return switch (rules.decide(request.request(), request.now())) {
      case JwtDecision.Passed passed -> new Step.Edit(HeadChange.of(passed), true, List.of());
      case JwtDecision.Refused(JwtStatus status) -> refusal(status, request);
    };
  }

  private static Step refusal(JwtStatus status, Asked request) {
    RequestView view = request.request();
    String uri = spoken(request) + "://" + view.authority() + view.path();
    String challenge =
        status.challenge(uri.length() > LONGEST_REALM ? uri.substring(0, LONGEST_REALM) : uri);
    return new Step.Reply(
        status.answer(),
        0,
        status.details(),
        status.text(),
        List.of("www-authenticate: " + challenge));
  }

  /** The scheme of the request as the client meant it, which proxies of the mesh pass on. */
  private static CharSequence spoken(Asked request) {
    CharSequence told = request.atTheEdge() ? null : request.request().header("x-forwarded-proto");
    return told == null ? request.request().scheme() : told;
  }
}
