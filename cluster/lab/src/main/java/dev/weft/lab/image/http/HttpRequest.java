package dev.weft.lab.image.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request with its whole body.
 *
 * @param path decoded, without the query
 * @param query as sent, empty for none
 * @param headers in the order and case in which they came
 * @param remoteAddress of the connection
 */
public record HttpRequest(
    String method,
    String path,
    String query,
    String version,
    List<Header> headers,
    Body body,
    String remoteAddress) {

  /** A header line. */
  public record Header(String name, String value) {}

  /** Bytes that are compared by identity: two bodies are never compared. */
  public static final class Body {
    private final byte[] bytes;

    Body(byte[] bytes) {
      this.bytes = bytes;
    }

    /** Not a copy. */
    public byte[] bytes() {
      return bytes;
    }

    /** As UTF-8. */
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** The first header of the name, whatever its case. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /** The first value of a query parameter. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters().get(name)).map(List::getFirst);
  }

  /** All query parameters, decoded, in order. */
  public Map<String, List<String>> parameters() {
    return form(query);
  }

  /** Whether the connection may be used for another request. */
  boolean keepAlive() {
    String connection = header("Connection").orElse("").toLowerCase(java.util.Locale.ROOT);
    return version.equals("HTTP/1.0")
        ? connection.contains("keep-alive")
        : !connection.contains("close");
  }

  /** Decodes {@code a=1&b=2}. */
  public static Map<String, List<String>> form(String text) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
      }
    }
    return values;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A stray percent sign: as most servers do, take it as it is.
      return text;
    }
  }
}
