package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Describes a request. Source: httpbin/helpers.py. */
final class Echo {
  /** Set by proxies in front; shown only with the query parameter {@code show_env}. */
  private static final Set<String> PROXY_HEADERS =
      Set.of(
          "x-varnish",
          "x-request-start",
          "x-heroku-queue-depth",
          "x-real-ip",
          "x-forwarded-proto",
          "x-forwarded-protocol",
          "x-forwarded-ssl",
          "x-heroku-queue-wait-time",
          "x-forwarded-for",
          "x-heroku-dynos-in-use",
          "x-forwarded-port",
          "x-request-id",
          "via",
          "total-route-time",
          "connect-time");

  private Echo() {}

  /** All of it; the body only where the method has one, or with {@code everything}. */
  static Json of(HttpRequest request, boolean everything) {
    Map<String, Json> members = new TreeMap<>();
    members.put("args", multi(request.parameters()));
    members.put("headers", headers(request));
    members.put("origin", Json.of(origin(request)));
    members.put("url", Json.of(url(request)));
    if (everything) {
      members.put("method", Json.of(request.method()));
    }
    if (everything || !Set.of("GET", "HEAD").contains(request.method()) || isDelay(request)) {
      members.putAll(body(request));
    }
    return new Json.Obj(members);
  }

  static Json headers(HttpRequest request) {
    boolean all = request.parameters().containsKey("show_env");
    Map<String, String> joined = new LinkedHashMap<>();
    for (HttpRequest.Header header : request.headers()) {
      if (all || !PROXY_HEADERS.contains(header.name().toLowerCase(Locale.ROOT))) {
        joined.merge(title(header.name()), header.value(), (a, b) -> a + "," + b);
      }
    }
    Map<String, Json> members = new TreeMap<>();
    joined.forEach((name, value) -> members.put(name, Json.of(value)));
    return new Json.Obj(members);
  }

  static String origin(HttpRequest request) {
    return request.header("X-Forwarded-For").orElse(request.remoteAddress());
  }

  static Json userAgent(HttpRequest request) {
    return request.header("User-Agent").map(Json::of).orElse(Json.NULL);
  }

  static String url(HttpRequest request) {
    String scheme =
        request
            .header("X-Forwarded-Proto")
            .or(() -> request.header("X-Forwarded-Protocol"))
            .orElse(
                request.header("X-Forwarded-Ssl").filter("on"::equals).isPresent()
                    ? "https"
                    : "http");
    return scheme
        + "://"
        + request.header("Host").orElse("localhost")
        + request.path()
        + (request.query().isEmpty() ? "" : "?" + request.query());
  }

  static Json object(String name, Json value) {
    return new Json.Obj(Map.of(name, value));
  }

  private static boolean isDelay(HttpRequest request) {
    return request.path().startsWith("/delay/");
  }

  private static Map<String, Json> body(HttpRequest request) {
    String type = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    Map<String, Json> members = new TreeMap<>();
    members.put("data", Json.of(""));
    members.put("files", new Json.Obj(Map.of()));
    members.put("form", new Json.Obj(Map.of()));
    members.put("json", Json.NULL);
    if (type.startsWith("application/x-www-form-urlencoded")) {
      members.put("form", multi(HttpRequest.form(request.body().text())));
    } else if (type.startsWith("multipart/form-data")) {
      Multipart parts = Multipart.parse(request);
      members.put("form", multi(parts.fields()));
      members.put("files", multi(parts.files()));
    } else {
      members.put("data", Json.of(request.body().text()));
      Json.parse(request.body().text()).ifPresent(json -> members.put("json", json));
    }
    return members;
  }

  /** One value is a string, several are a list. */
  private static Json multi(Map<String, List<String>> values) {
    Map<String, Json> members = new TreeMap<>();
    values.forEach(
        (name, list) -> {
          List<Json> texts = new ArrayList<>();
          list.forEach(value -> texts.add(Json.of(value)));
          members.put(name, texts.size() == 1 ? texts.getFirst() : new Json.Arr(texts));
        });
    return new Json.Obj(members);
  }

  /** As Python's servers do: X-B3-TraceId becomes X-B3-Traceid. */
  private static String title(String name) {
    StringBuilder title = new StringBuilder();
    boolean start = true;
    for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
      title.append(start ? Character.toUpperCase(c) : c);
      start = !Character.isLetter(c) && !Character.isDigit(c);
    }
    return title.toString();
  }
}
