package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** Pages that ask for credentials. */
final class Authentication {
  private Authentication() {}

  /**
   * @param refusal status for wrong credentials; only 401 asks for them
   */
  static HttpResponse basic(HttpRequest request, String user, String password, int refusal) {
    String expected =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    if (request.header("Authorization").filter(expected::equals).isPresent()) {
      return Replies.json(
          new Json.Obj(Map.of("authenticated", Json.of(true), "user", Json.of(user))));
    }
    return refusal == 401
        ? HttpResponse.text(401, Replies.HTML, "")
            .with("WWW-Authenticate", "Basic realm=\"Fake Realm\"")
        : Replies.notFound();
  }

  static HttpResponse bearer(HttpRequest request) {
    String header = request.header("Authorization").orElse("");
    if (header.startsWith("Bearer ") && header.length() > 7) {
      return Replies.json(
          new Json.Obj(
              Map.of("authenticated", Json.of(true), "token", Json.of(header.substring(7)))));
    }
    return HttpResponse.text(401, Replies.HTML, "").with("WWW-Authenticate", "Bearer");
  }
}
