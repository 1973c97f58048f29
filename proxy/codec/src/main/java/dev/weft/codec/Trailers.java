package dev.weft.codec;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fields that come after a body (RFC 9110, 6.5). */
public record Trailers(List<Field> fields) {
  public static final Trailers NONE = new Trailers(List.of());

  /** Names for framing, routing, authentication and content, which come too late (6.5.1). */
  static final Set<String> TOO_LATE =
      Set.of(
          "content-length",
          "transfer-encoding",
          "host",
          "trailer",
          "te",
          "connection",
          "keep-alive",
          "proxy-connection",
          "upgrade",
          "expect",
          "max-forwards",
          "forwarded",
          "authorization",
          "proxy-authorization",
          "www-authenticate",
          "proxy-authenticate",
          "cookie",
          "set-cookie",
          "content-encoding",
          "content-type",
          "content-range");

  /** What proxies tell each other is for heads to say. */
  static final Set<String> TOO_LATE_PREFIXES = Set.of("x-envoy-", "x-forwarded-");

  public Trailers {
    fields = List.copyOf(fields);
  }

  /**
   * One field.
   *
   * @param name in lower case
   */
  public record Field(String name, String value) {}

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  /** The value of the first field of this lower-case name, or null. */
  public @Nullable String value(String name) {
    for (Field field : fields) {
      if (field.name().equals(name)) {
        return field.value();
      }
    }
    return null;
  }

  /** Whether a field of this lower-case name may come after the body. */
  public static boolean mayFollow(String name) {
    return !TOO_LATE.contains(name) && TOO_LATE_PREFIXES.stream().noneMatch(name::startsWith);
  }
}
