package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpHandler;
import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.Json;
import dev.weft.lab.image.http.WebSocketEcho;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The routes of httpbin. Source of paths, limits and bodies: postmanlabs/httpbin, httpbin/core.py;
 * {@code /hostname} and {@code /websocket/echo}: mccutchen/go-httpbin.
 */
final class Httpbin implements HttpHandler {
  private static final Set<String> BODY_METHODS = Set.of("post", "put", "patch", "delete");
  private static final Set<String> ANY_METHOD =
      Set.of("status", "anything", "delay", "redirect-to", "response-headers", "websocket");

  @Override
  public HttpResponse handle(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse response;
    try {
      response = route(request);
    } catch (BadParameter e) {
      response = HttpResponse.text(e.status(), Replies.HTML, String.valueOf(e.getMessage()));
    }
    return response
        .with("Access-Control-Allow-Origin", request.header("Origin").orElse("*"))
        .with("Access-Control-Allow-Credentials", "true");
  }

  private static HttpResponse route(HttpRequest request) throws BadParameter, InterruptedException {
    List<String> path = segments(request.path());
    String first = path.isEmpty() ? "" : path.getFirst();
    String allowed = allowed(first);
    if (request.method().equals("OPTIONS")) {
      return HttpResponse.text(200, Replies.HTML, "")
          .with("Allow", allowed + ", OPTIONS")
          .with("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, PATCH, OPTIONS")
          .with("Access-Control-Max-Age", "3600");
    }
    if (!List.of(allowed.split(", ")).contains(request.method())) {
      return HttpResponse.text(405, Replies.HTML, Replies.page("405 Method Not Allowed"))
          .with("Allow", allowed + ", OPTIONS");
    }
    return switch (path.size()) {
      case 0 -> Replies.index();
      case 1 -> one(request, first);
      case 2 -> two(request, first, path.get(1));
      default -> more(request, path);
    };
  }

  private static HttpResponse one(HttpRequest request, String name)
      throws BadParameter, InterruptedException {
    return switch (name) {
      case "get", "post", "put", "patch", "delete" -> Replies.json(Echo.of(request, false));
      case "anything" -> Replies.json(Echo.of(request, true));
      case "headers" -> Replies.json(Echo.object("headers", Echo.headers(request)));
      case "ip" -> Replies.json(Echo.object("origin", Json.of(Echo.origin(request))));
      case "user-agent" -> Replies.json(Echo.object("user-agent", Echo.userAgent(request)));
      case "uuid" ->
          Replies.json(Echo.object("uuid", Json.of(java.util.UUID.randomUUID().toString())));
      case "hostname" -> Replies.json(Echo.object("hostname", Json.of(Replies.hostname())));
      case "gzip" -> Replies.compressed(request, "gzip", "gzipped");
      case "deflate" -> Replies.compressed(request, "deflate", "deflated");
      case "html" -> Replies.html();
      case "json" -> Replies.sampleJson();
      case "xml" -> Replies.xml();
      case "robots.txt" -> HttpResponse.text(200, "text/plain", "User-agent: *\nDisallow: /deny\n");
      case "deny" -> HttpResponse.text(200, "text/plain", "You may not see this.\n");
      case "response-headers" -> Replies.responseHeaders(request);
      case "redirect-to" -> Redirects.to(request);
      case "bearer" -> Authentication.bearer(request);
      case "cookies" -> Cookies.list(request);
      case "cache" -> Replies.cache(request);
      case "drip" -> Streams.drip(request);
      case "websocket" -> WebSocketEcho.answer(request);
      default -> Replies.notFound();
    };
  }

  private static HttpResponse two(HttpRequest request, String name, String value)
      throws BadParameter, InterruptedException {
    return switch (name) {
      case "status" -> StatusCodes.answer(value);
      case "anything" -> Replies.json(Echo.of(request, true));
      case "delay" -> {
        double seconds = Math.min(BadParameter.decimal("delay", value), 10);
        Thread.sleep((long) (seconds * 1000));
        yield Replies.json(Echo.of(request, false));
      }
      case "bytes" -> Streams.bytes(request, BadParameter.number("n", value));
      case "stream" -> Streams.lines(request, BadParameter.number("n", value));
      case "stream-bytes" -> Streams.streamBytes(request, BadParameter.number("n", value));
      case "range" -> Streams.range(request, BadParameter.number("numbytes", value));
      case "redirect" -> Redirects.relative(request, BadParameter.number("n", value));
      case "relative-redirect" -> Redirects.relative(request, BadParameter.number("n", value));
      case "absolute-redirect" -> Redirects.absolute(request, BadParameter.number("n", value));
      case "cache" ->
          Replies.json(Echo.of(request, false))
              .with("Cache-Control", "public, max-age=" + BadParameter.number("value", value));
      case "etag" -> Replies.etag(request, value);
      case "base64" -> Replies.base64(value);
      case "cookies" -> Cookies.change(request, value);
      case "websocket" -> value.equals("echo") ? WebSocketEcho.answer(request) : Replies.notFound();
      default -> Replies.notFound();
    };
  }

  private static HttpResponse more(HttpRequest request, List<String> path) {
    return switch (path.getFirst()) {
      case "anything" -> Replies.json(Echo.of(request, true));
      case "basic-auth" ->
          path.size() == 3
              ? Authentication.basic(request, path.get(1), path.get(2), 401)
              : Replies.notFound();
      case "hidden-basic-auth" ->
          path.size() == 3
              ? Authentication.basic(request, path.get(1), path.get(2), 404)
              : Replies.notFound();
      case "cookies" ->
          path.size() == 4 && path.get(1).equals("set")
              ? Cookies.set(path.get(2), path.get(3))
              : Replies.notFound();
      default -> Replies.notFound();
    };
  }

  private static String allowed(String first) {
    if (BODY_METHODS.contains(first)) {
      return first.toUpperCase(java.util.Locale.ROOT);
    }
    return ANY_METHOD.contains(first) ? "GET, HEAD, POST, PUT, DELETE, PATCH, TRACE" : "GET, HEAD";
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/")) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return segments;
  }
}
