package dev.weft.routing;

import org.jspecify.annotations.Nullable;

/**
 * A condition on a header.
 *
 * @param name lower case; {@code :method}, {@code :authority}, {@code :scheme} and {@code :path}
 *     name the parts of the request line
 * @param invert true: the condition holds where the rule does not
 * @param missingAsEmpty true: a missing header is compared as the empty text; false: a missing
 *     header matches neither a value rule nor its inversion
 */
public record HeaderMatch(String name, Rule rule, boolean invert, boolean missingAsEmpty) {

  /** What is asked of the value. */
  public sealed interface Rule {}

  /** The header is there, or is not. */
  public record Present(boolean present) implements Rule {}

  /** The value matches. */
  public record Value(StringMatch match) implements Rule {}

  /** The value is a decimal integer in {@code [start, end)}. */
  public record Range(long start, long end) implements Rule {}

  /** Whether the request fulfils the condition. */
  public boolean matches(RequestView request) {
    CharSequence value = value(name, request);
    return switch (rule) {
      case Present p -> ((value != null) == p.present()) != invert;
      case Value v -> {
        if (value == null) {
          yield missingAsEmpty && v.match().matches("") != invert;
        }
        yield v.match().matches(value) != invert;
      }
      case Range r -> value != null && inRange(value, r) != invert;
    };
  }

  /** The value of a header or of a part of the request line, or null. */
  static @Nullable CharSequence value(String name, RequestView request) {
    return switch (name) {
      case ":method" -> request.method();
      case ":authority", "host" -> request.authority();
      case ":path" -> request.path();
      case ":scheme" -> request.scheme();
      default -> request.header(name);
    };
  }

  private static boolean inRange(CharSequence value, Range range) {
    try {
      long number = Long.parseLong(value, 0, value.length(), 10);
      return number >= range.start() && number < range.end();
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
