package dev.weft.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Go and protobuf write them: {@code 1h30m}, {@code 1.5s}, {@code 100ms}; up to a
 * hundred years.
 */
final class Durations {
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(h|ms|m|s|us|µs|ns)");

  /** A hundred years: more than that no proxy takes. */
  private static final double MAX_NANOS = 100 * 365.25 * 24 * 3_600e9;

  private Durations() {}

  static Optional<Duration> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    Matcher m = PART.matcher(text);
    double nanos = 0;
    int end = 0;
    while (m.find() && m.start() == end) {
      end = m.end();
      double unit =
          switch (m.group(2)) {
            case "h" -> 3_600e9;
            case "m" -> 60e9;
            case "s" -> 1e9;
            case "ms" -> 1e6;
            case "ns" -> 1;
            default -> 1e3;
          };
      nanos += Double.parseDouble(m.group(1)) * unit;
    }
    return end == 0 || end != text.length() || nanos > MAX_NANOS
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.round(nanos)));
  }
}
