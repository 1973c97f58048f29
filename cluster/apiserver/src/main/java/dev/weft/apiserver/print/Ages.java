package dev.weft.apiserver.print;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Spans of time as tables show them (k8s.io/apimachinery pkg/util/duration). */
final class Ages {
  private Ages() {}

  /** The time since a timestamp; {@code <unknown>} for none. */
  static String since(String timestamp, Instant now) {
    if (timestamp.isEmpty()) {
      return "<unknown>";
    }
    try {
      return human(Duration.between(Instant.parse(timestamp), now));
    } catch (DateTimeParseException e) {
      return "<invalid>";
    }
  }

  static String human(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 0) {
      return "0s";
    }
    long minutes = seconds / 60;
    long hours = minutes / 60;
    long days = hours / 24;
    if (seconds < 120) {
      return seconds + "s";
    }
    if (minutes < 10) {
      return minutes + "m" + rest(seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    if (hours < 8) {
      return hours + "h" + rest(minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    if (days < 8) {
      return days + "d" + rest(hours % 24, "h");
    }
    if (days < 365 * 2) {
      return days + "d";
    }
    if (days < 365 * 8) {
      return days / 365 + "y" + rest(days % 365, "d");
    }
    return days / 365 + "y";
  }

  private static String rest(long value, String unit) {
    return value == 0 ? "" : value + unit;
  }
}
