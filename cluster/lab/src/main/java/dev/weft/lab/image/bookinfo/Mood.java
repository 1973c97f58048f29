package dev.weft.lab.image.bookinfo;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How well a service does what it should: the versions of ratings that are made to fail.
 *
 * @param coin half of the time true
 * @param nanos a clock that does not jump
 * @param since when the service began, on that clock
 */
record Mood(Kind kind, BooleanSupplier coin, LongSupplier nanos, long since) {
  private static final Duration DELAY = Duration.ofSeconds(7);

  /** The names are those of the environment variable SERVICE_VERSION. */
  enum Kind {
    GOOD(""),
    /** Half of the answers are 503. */
    FAULTY("v-faulty"),
    /** Half of the answers take seven seconds. */
    DELAYED("v-delayed"),
    /** A minute well, a minute not. */
    UNAVAILABLE("v-unavailable"),
    /** Fifteen minutes well, fifteen not; its health says so, too. */
    UNHEALTHY("v-unhealthy");

    private final String version;

    Kind(String version) {
      this.version = version;
    }
  }

  static Mood of(String version) {
    Kind kind = Kind.GOOD;
    for (Kind each : Kind.values()) {
      if (each.version.equals(version)) {
        kind = each;
      }
    }
    return new Mood(
        kind,
        java.util.concurrent.ThreadLocalRandom.current()::nextBoolean,
        System::nanoTime,
        System.nanoTime());
  }

  boolean healthy() {
    return kind != Kind.UNHEALTHY || well(Duration.ofMinutes(15));
  }

  /** Whether this request is served; it may take its time to say so. */
  boolean serves() throws InterruptedException {
    return switch (kind) {
      case GOOD -> true;
      case FAULTY -> coin.getAsBoolean();
      case DELAYED -> {
        if (coin.getAsBoolean()) {
          Thread.sleep(DELAY);
        }
        yield true;
      }
      case UNAVAILABLE -> well(Duration.ofMinutes(1));
      case UNHEALTHY -> well(Duration.ofMinutes(15));
    };
  }

  private boolean well(Duration turn) {
    return (nanos.getAsLong() - since) / turn.toNanos() % 2 == 0;
  }
}
