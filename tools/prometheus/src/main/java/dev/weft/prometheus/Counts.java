package dev.weft.prometheus;

import dev.weft.topology.Volume;

/**
 * A volume as Prometheus tells it: increases are guessed between scrapes, and so no whole numbers.
 */
record Counts(double requests, double millis, double sentBytes, double receivedBytes) {
  static final Counts NONE = new Counts(0, 0, 0, 0);

  /** One of them, by what {@link Queries#COUNT} says. */
  static Counts of(String what, double value) {
    // Not a number, or below nothing: a server's own arithmetic, and no traffic.
    double count = value > 0 && value < Long.MAX_VALUE ? value : 0;
    return switch (what) {
      case Queries.REQUESTS, Queries.OPENED -> new Counts(count, 0, 0, 0);
      case Queries.MILLIS -> new Counts(0, count, 0, 0);
      case Queries.SENT -> new Counts(0, 0, count, 0);
      case Queries.RECEIVED -> new Counts(0, 0, 0, count);
      default -> NONE;
    };
  }

  Counts plus(Counts other) {
    return new Counts(
        requests + other.requests,
        millis + other.millis,
        sentBytes + other.sentBytes,
        receivedBytes + other.receivedBytes);
  }

  /** Of two that counted the same: who missed a scrape has counted less. */
  Counts fuller(Counts other) {
    return new Counts(
        Math.max(requests, other.requests),
        Math.max(millis, other.millis),
        Math.max(sentBytes, other.sentBytes),
        Math.max(receivedBytes, other.receivedBytes));
  }

  Volume volume() {
    return new Volume(
        Math.round(requests), Math.round(millis), Math.round(sentBytes), Math.round(receivedBytes));
  }
}
