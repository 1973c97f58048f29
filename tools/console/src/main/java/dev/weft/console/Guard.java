package dev.weft.console;

import dev.weft.console.access.Authority;
import dev.weft.console.access.Verdict;
import dev.weft.console.api.Session.Role;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.regex.Pattern;

/** Lets those in whom the authority knows. A token comes in the header, never in an address. */
final class Guard {
  // RFC 6750, 2.1; the length is what a server takes for a header.
  private static final Pattern BEARER =
      Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]{1,7000}=*)");

  private final Authority authority;

  Guard(Authority authority) {
    this.authority = authority;
  }

  /** Who makes a request. */
  Caller caller(ServerRequest request) throws ProblemException {
    String header =
        request.headers().first(HeaderNames.AUTHORIZATION).map(String::strip).orElse("");
    var bearer = BEARER.matcher(header);
    if (!bearer.matches()) {
      throw unauthorized(
          header.isEmpty()
              ? "a token of the config API is needed, as 'Authorization: Bearer TOKEN';"
                  + " `weft console` makes one"
              : "the header 'Authorization' holds no bearer token");
    }
    String token = bearer.group(1);
    return switch (authority.judge(token)) {
      case Verdict.Admitted(String user, Role role) -> new Caller(user, role, token);
      case Verdict.Unknown u ->
          throw unauthorized(
              "the config API does not know this token: it is expired, revoked or of another"
                  + " cluster; `weft console` makes another");
      case Verdict.Stranger(String user) ->
          throw forbidden(
              user
                  + " may not see this mesh: in the config API, give them the rights of"
                  + " weft-console-reader or weft-console-admin (docs/roles)");
      case Verdict.Unanswered(String why) ->
          throw ProblemException.unavailable("nobody can say whose token this is: " + why);
    };
  }

  /** Who makes a request that changes something. */
  Caller admin(ServerRequest request) throws ProblemException {
    Caller caller = caller(request);
    if (caller.role() != Role.ADMIN) {
      throw forbidden(
          caller.user()
              + " may look, but not change anything: the rights of weft-console-admin (docs/roles)"
              + " let one");
    }
    return caller;
  }

  private static ProblemException unauthorized(String message) {
    return new ProblemException(Status.UNAUTHORIZED_401, "unauthorized", message);
  }

  private static ProblemException forbidden(String message) {
    return new ProblemException(Status.FORBIDDEN_403, "forbidden", message);
  }
}
