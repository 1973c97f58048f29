package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.Json;
import java.util.Map;
import java.util.TreeMap;

/** Shows, sets and deletes cookies. */
final class Cookies {
  private Cookies() {}

  static HttpResponse list(HttpRequest request) {
    Map<String, Json> cookies = new TreeMap<>();
    for (HttpRequest.Header header : request.headers()) {
      if (header.name().equalsIgnoreCase("Cookie")) {
        for (String pair : header.value().split(";")) {
          int equals = pair.indexOf('=');
          if (equals > 0) {
            cookies.put(
                pair.substring(0, equals).strip(), Json.of(pair.substring(equals + 1).strip()));
          }
        }
      }
    }
    return Replies.json(Echo.object("cookies", new Json.Obj(cookies)));
  }

  /** {@code set} or {@code delete} with the cookies in the query. */
  static HttpResponse change(HttpRequest request, String what) {
    HttpResponse response = back();
    for (var parameter : request.parameters().entrySet()) {
      String value = parameter.getValue().getFirst();
      switch (what) {
        case "set" ->
            response = response.with("Set-Cookie", parameter.getKey() + "=" + value + "; Path=/");
        case "delete" ->
            response =
                response.with(
                    "Set-Cookie",
                    parameter.getKey()
                        + "=; Expires=Thu, 01-Jan-1970 00:00:00 GMT; Max-Age=0; Path=/");
        default -> {
          return Replies.notFound();
        }
      }
    }
    return what.equals("set") || what.equals("delete") ? response : Replies.notFound();
  }

  static HttpResponse set(String name, String value) {
    return back().with("Set-Cookie", name + "=" + value + "; Path=/");
  }

  private static HttpResponse back() {
    return HttpResponse.text(302, Replies.HTML, "").with("Location", "/cookies");
  }
}
