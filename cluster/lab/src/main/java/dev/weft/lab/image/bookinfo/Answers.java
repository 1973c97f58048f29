package dev.weft.lab.image.bookinfo;

import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** What the services answer with. */
final class Answers {
  private Answers() {}

  static HttpResponse json(int status, Json body) {
    return HttpResponse.text(status, "application/json", body.compact());
  }

  static HttpResponse error(int status, String message) {
    return json(status, object("error", Json.of(message)));
  }

  static HttpResponse health(int status, String text) {
    return json(status, object("status", Json.of(text)));
  }

  static HttpResponse notFound(String path) {
    return error(404, "there is nothing at " + path);
  }

  /** An object of names and values, in turn. */
  static Json.Obj object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }

  /** The number of a product in a path such as {@code /details/0}; empty where it is none. */
  static OptionalInt product(String path, String prefix) {
    try {
      int id = Integer.parseInt(path.substring(prefix.length()));
      return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
