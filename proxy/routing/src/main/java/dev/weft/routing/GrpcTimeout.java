package dev.weft.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * That clients say how long a call may take, by {@code grpc-timeout} (gRPC's PROTOCOL-HTTP2.md).
 *
 * @param most the longest that is believed; zero: whatever they say
 * @param offset by how much earlier the proxy ends a call
 */
public record GrpcTimeout(Duration most, Duration offset) {
  private static final int MOST_DIGITS = 8;

  /** A century, which 64 bits can count in nanoseconds. */
  private static final long MOST_HOURS = 876_000;

  /** How long a request may take; null where it does not say so. */
  public @Nullable Duration of(RequestView request) {
    CharSequence header = request.header("grpc-timeout");
    Duration said = header == null ? null : parse(header);
    if (said == null || said.isZero()) {
      return null;
    }
    Duration limit = !most.isZero() && said.compareTo(most) > 0 ? most : said;
    return limit.compareTo(offset) > 0 ? limit.minus(offset) : limit;
  }

  private static @Nullable Duration parse(CharSequence text) {
    int digits = text.length() - 1;
    if (digits < 1 || digits > MOST_DIGITS) {
      return null;
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return null;
      }
      value = value * 10 + (c - '0');
    }
    return switch (text.charAt(digits)) {
      case 'H' -> Duration.ofHours(Math.min(value, MOST_HOURS));
      case 'M' -> Duration.ofMinutes(value);
      case 'S' -> Duration.ofSeconds(value);
      case 'm' -> Duration.ofMillis(value);
      case 'u' -> Duration.ofNanos(value * 1000);
      case 'n' -> Duration.ofNanos(value);
      default -> null;
    };
  }
}
