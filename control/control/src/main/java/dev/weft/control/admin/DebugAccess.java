package dev.weft.control.admin;

import dev.weft.ca.BearerToken;
import dev.weft.ca.SameHost;
import dev.weft.console.access.Authority;
import dev.weft.console.access.Verdict;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may read {@code /debug}, which is the whole topology: our own pod, which a port-forward comes
 * from, and who may look at the mesh's objects, by a token of the config API. Istio: {@code
 * allowAuthenticatedOrLocalhost} in pilot/pkg/xds/debug.go.
 */
final class DebugAccess {
  // RFC 6750, 2.1.
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final Authority authority;

  /** A refusal and the way out. */
  record Refusal(Status status, String message) {}

  DebugAccess(Authority authority) {
    this.authority = authority;
  }

  /** Empty where the caller may. */
  Optional<Refusal> refusal(ServerRequest request) {
    if (SameHost.holds(request.remotePeer().address(), request.localPeer().address())) {
      return Optional.empty();
    }
    Optional<BearerToken> token =
        request
            .headers()
            .first(HeaderNames.AUTHORIZATION)
            .flatMap(BearerToken::ofHeader)
            .filter(t -> TOKEN.matcher(t.secret()).matches());
    if (token.isEmpty()) {
      return Optional.of(
          new Refusal(
              Status.UNAUTHORIZED_401,
              "/debug is answered to this pod itself: use a port-forward, as `weft` does, or send"
                  + " 'Authorization: Bearer TOKEN' with a token of the config API"));
    }
    return switch (authority.judge(token.get().secret())) {
      case Verdict.Admitted a -> Optional.empty();
      case Verdict.Unknown u ->
          Optional.of(
              new Refusal(
                  Status.UNAUTHORIZED_401,
                  "the config API does not know this token: it is expired, revoked or of another"
                      + " cluster"));
      case Verdict.Stranger(String user) ->
          Optional.of(
              new Refusal(
                  Status.FORBIDDEN_403,
                  user
                      + " may not see this mesh: in the config API, give them the rights of"
                      + " weft-console-reader (docs/roles)"));
      case Verdict.Unanswered(String why) ->
          Optional.of(
              new Refusal(
                  Status.SERVICE_UNAVAILABLE_503, "nobody can say whose token this is: " + why));
    };
  }
}
