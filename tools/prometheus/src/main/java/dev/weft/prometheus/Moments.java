package dev.weft.prometheus;

import java.time.Instant;
import java.util.Locale;

/** Moments as Prometheus writes them: seconds since 1970, with a fraction. */
final class Moments {
  private Moments() {}

  static String text(Instant moment) {
    return String.format(
        Locale.ROOT, "%d.%03d", moment.getEpochSecond(), moment.getNano() / 1_000_000);
  }

  static Instant of(double seconds) {
    return Instant.ofEpochMilli(Math.round(seconds * 1000));
  }
}
