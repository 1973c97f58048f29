package dev.weft.apiserver.http;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One HTTP request, whatever server it came through.
 *
 * @param segments of the path, decoded
 * @param header the value of a header by name
 * @param bodyStream read at most once
 */
record Request(
    String method,
    List<String> segments,
    Map<String, List<String>> query,
    Function<String, Optional<String>> header,
    Supplier<InputStream> bodyStream) {
  private static final int LARGEST_BODY = 3 << 20;

  /**
   * Takes path and query as they were on the wire.
   *
   * @throws ApiException 400 where they are not well encoded
   */
  static Request of(
      String method,
      String rawPath,
      String rawQuery,
      Function<String, Optional<String>> header,
      Supplier<InputStream> body) {
    List<String> segments = new ArrayList<>();
    for (String segment : rawPath.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(decode(segment.replace("+", "%2B")));
      }
    }
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String pair : rawQuery.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        query.computeIfAbsent(name, ignored -> new ArrayList<>()).add(value);
      }
    }
    return new Request(method, segments, query, header, body);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Errors.badRequest("invalid URL encoding in \"" + text + "\"");
    }
  }

  /** The first value of a query parameter; "" where there is none. */
  String parameter(String name) {
    List<String> values = query.get(name);
    return values == null ? "" : values.getFirst();
  }

  List<String> parameters(String name) {
    return query.getOrDefault(name, List.of());
  }

  boolean flag(String name) {
    String value = parameter(name);
    return value.equals("true") || value.equals("1");
  }

  /** A number; {@code fallback} where the parameter is missing. */
  int number(String name, int fallback) {
    String value = parameter(name);
    if (value.isEmpty()) {
      return fallback;
    }
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw Errors.badRequest(name + ": Invalid value: \"" + value + "\": must be a number");
    }
  }

  String headerText(String name) {
    return header.apply(name).orElse("");
  }

  /** The media type of the body in lower case, without parameters. */
  String contentType() {
    String value = headerText("Content-Type");
    int end = value.indexOf(';');
    return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The whole body.
   *
   * @throws ApiException 413 where it is too large
   */
  byte[] body() {
    try {
      byte[] bytes = bodyStream.get().readNBytes(LARGEST_BODY + 1);
      if (bytes.length > LARGEST_BODY) {
        throw new ApiException(
            413, "RequestEntityTooLarge", "Request entity too large: limit is " + LARGEST_BODY);
      }
      return bytes;
    } catch (IOException e) {
      throw Errors.badRequest("the request body cannot be read: " + e.getMessage());
    }
  }

  String path() {
    return "/" + String.join("/", segments);
  }
}
