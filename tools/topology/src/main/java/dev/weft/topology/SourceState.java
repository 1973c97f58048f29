package dev.weft.topology;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How a source of traffic is.
 *
 * @param message what is wrong and the way out; empty where nothing is
 * @param newest when the newest that it knows was counted
 */
public record SourceState(Kind kind, Health state, String message, Optional<Instant> newest) {

  /** What it is. */
  public enum Kind {
    EMBEDDED,
    PROMETHEUS;

    /** As the console's API writes it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether its answer is whole. */
  public enum Health {
    OK,
    /** Some of several servers did not answer. */
    PARTIAL,
    /** Nobody answered. */
    FAILED,
    /** It answered, and knows of no traffic. */
    EMPTY;

    /** As the console's API writes it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
