package dev.weft.topology;

import java.time.Instant;
import java.util.Optional;

/**
 * How a source of traffic is.
 *
 * @param message what is wrong and the way out; empty where nothing is
 * @param newest when the newest that it knows was counted
 */
public record SourceState(Kind kind, Health health, String message, Optional<Instant> newest) {

  /** What it is. */
  public enum Kind {
    EMBEDDED,
    PROMETHEUS
  }

  /** Whether its answer is whole. */
  public enum Health {
    OK,
    /** Some of several servers did not answer. */
    PARTIAL,
    /** Nobody answered. */
    FAILED,
    /** It answered, and knows of no traffic. */
    EMPTY
  }
}
