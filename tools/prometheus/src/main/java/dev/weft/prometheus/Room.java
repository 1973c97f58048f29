package dev.weft.prometheus;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much more may be held for a question, of all servers together: series, and characters of
 * their labels, of which each answer holds equal ones once. Thread-safe.
 */
final class Room {
  private static final int MAX_CHARACTERS = 16_000_000;

  private final int max;
  private final AtomicInteger series;
  private final AtomicInteger characters = new AtomicInteger(MAX_CHARACTERS);

  Room(int max) {
    this.max = max;
    this.series = new AtomicInteger(max);
  }

  void takeSeries() throws PrometheusException {
    if (series.decrementAndGet() < 0) {
      throw new PrometheusException(
          "it knows more than the %d series that a picture may have; narrow it by query_scope"
              .formatted(max));
    }
  }

  void takeText(int length) throws PrometheusException {
    if (characters.addAndGet(-length) < 0) {
      throw new PrometheusException(
          "the labels of its series are longer than a picture may hold; narrow it by query_scope");
    }
  }
}
