package dev.weft.proxy.stats;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts by size. One writer, any reader. */
final class Histogram {
  /** Upper bounds, as Envoy's Prometheus page has them. */
  static final double[] BOUNDS = {
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000,
    600_000, 1_800_000, 3_600_000
  };

  private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);
  private final Counter sum = new Counter();

  void record(long value) {
    int at = 0;
    while (at < BOUNDS.length && value > BOUNDS[at]) {
      at++;
    }
    counts.setRelease(at, counts.getPlain(at) + 1);
    sum.add(value);
  }

  /** All values together. */
  long sum() {
    return sum.value();
  }

  /** Adds these counts to a sum over several loops. */
  void addTo(Total total) {
    for (int i = 0; i <= BOUNDS.length; i++) {
      total.counts[i] += counts.getAcquire(i);
    }
    total.sum += sum.value();
  }

  /** A sum over several loops. Confined to one scrape. */
  static final class Total {
    final long[] counts = new long[BOUNDS.length + 1];
    long sum;
  }
}
