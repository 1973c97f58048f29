package dev.weft.lab.image.httpbin;

import dev.weft.lab.image.http.HttpRequest;
import dev.weft.lab.image.http.HttpResponse;
import dev.weft.lab.image.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Answers that need nothing but the request. */
final class Replies {
  static final String HTML = "text/html; charset=utf-8";
  private static final String JSON = "application/json";

  private Replies() {}

  static HttpResponse json(Json value) {
    return json(200, value);
  }

  static HttpResponse json(int status, Json value) {
    return HttpResponse.text(status, JSON, value.pretty());
  }

  static HttpResponse notFound() {
    return HttpResponse.text(404, HTML, page("404 Not Found"));
  }

  static String page(String title) {
    String heading = title.substring(title.indexOf(' ') + 1);
    return "<!DOCTYPE html>\n<title>" + title + "</title>\n<h1>" + heading + "</h1>\n";
  }

  static HttpResponse index() {
    return HttpResponse.text(
        200,
        HTML,
        """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="UTF-8"><title>httpbin.org</title></head>
        <body>
        <h1>httpbin</h1>
        <p>A simple HTTP Request &amp; Response Service.</p>
        <p><a href="/get">/get</a> <a href="/headers">/headers</a> <a href="/ip">/ip</a>
        <a href="/status/418">/status/418</a> <a href="/anything">/anything</a></p>
        </body>
        </html>
        """);
  }

  static HttpResponse html() {
    return HttpResponse.text(
        200,
        HTML,
        """
        <!DOCTYPE html>
        <html>
          <head></head>
          <body>
            <h1>A page</h1>
            <p>It has a heading and a paragraph.</p>
          </body>
        </html>
        """);
  }

  static HttpResponse xml() {
    return HttpResponse.text(
        200,
        "application/xml",
        """
        <?xml version='1.0' encoding='us-ascii'?>
        <slideshow title="Sample Slide Show"><slide type="all"><title>Overview</title></slide></slideshow>
        """);
  }

  static HttpResponse sampleJson() {
    return json(
        Echo.object(
            "slideshow",
            new Json.Obj(
                Map.of(
                    "title",
                    Json.of("Sample Slide Show"),
                    "slides",
                    new Json.Arr(List.of(Echo.object("title", Json.of("Overview"))))))));
  }

  /**
   * Sets the headers of the query and shows them; shown again until the shown length is its own.
   */
  static HttpResponse responseHeaders(HttpRequest request) {
    Map<String, Json> shown = new TreeMap<>();
    shown.put("Content-Type", Json.of(JSON));
    HttpResponse response = HttpResponse.text(200, JSON, "");
    List<HttpRequest.Header> added = new ArrayList<>();
    request
        .parameters()
        .forEach(
            (name, values) -> {
              values.forEach(value -> added.add(new HttpRequest.Header(name, value)));
              List<Json> texts = values.stream().map(Json::of).toList();
              shown.put(name, texts.size() == 1 ? texts.getFirst() : new Json.Arr(texts));
            });
    String text = "";
    for (int round = 0; round < 5; round++) {
      shown.put("Content-Length", Json.of(Integer.toString(text.length())));
      text = new Json.Obj(shown).pretty();
    }
    response = HttpResponse.text(200, JSON, text);
    for (HttpRequest.Header header : added) {
      if (header.name().matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
          && !header.name().equalsIgnoreCase("Content-Length")
          && !header.name().equalsIgnoreCase("Transfer-Encoding")) {
        boolean type = header.name().equalsIgnoreCase("Content-Type");
        response = type ? response.without("Content-Type") : response;
        response = response.with(header.name(), header.value());
      }
    }
    return response;
  }

  static HttpResponse compressed(HttpRequest request, String coding, String member) {
    String text =
        new Json.Obj(
                Map.of(
                    member,
                    Json.of(true),
                    "headers",
                    Echo.headers(request),
                    "method",
                    Json.of(request.method()),
                    "origin",
                    Json.of(Echo.origin(request))))
            .pretty();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        coding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HttpResponse.bytes(200, JSON, bytes.toByteArray()).with("Content-Encoding", coding);
  }

  static HttpResponse cache(HttpRequest request) {
    boolean conditional =
        request.header("If-Modified-Since").isPresent()
            || request.header("If-None-Match").isPresent();
    return conditional
        ? HttpResponse.text(304, HTML, "")
        : json(Echo.of(request, false)).with("ETag", "0123456789abcdef0123456789abcdef");
  }

  static HttpResponse etag(HttpRequest request, String etag) {
    List<String> none = tags(request, "If-None-Match");
    List<String> match = tags(request, "If-Match");
    HttpResponse response;
    if (none.contains(etag) || none.contains("*")) {
      response = HttpResponse.text(304, HTML, "");
    } else if (!match.isEmpty() && !match.contains(etag) && !match.contains("*")) {
      response = HttpResponse.text(412, HTML, "");
    } else {
      response = json(Echo.of(request, false));
    }
    return response.with("ETag", etag);
  }

  static HttpResponse base64(String value) {
    try {
      return HttpResponse.bytes(200, HTML, Base64.getUrlDecoder().decode(value));
    } catch (IllegalArgumentException e) {
      return HttpResponse.text(200, HTML, "Incorrect Base64 data try: SFRUUEJJTiBpcyBhd2Vzb21l");
    }
  }

  /** As the pod is named. */
  static String hostname() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return System.getenv().getOrDefault("HOSTNAME", "localhost");
    }
  }

  private static List<String> tags(HttpRequest request, String header) {
    List<String> tags = new ArrayList<>();
    for (String tag : request.header(header).orElse("").split(",")) {
      String bare = tag.strip().replaceFirst("^W/", "").replace("\"", "");
      if (!bare.isEmpty()) {
        tags.add(bare);
      }
    }
    return tags;
  }
}
