package dev.weft.prometheus;

import java.time.Duration;

/**
 * Over how long counters are looked at for a window. A rate needs several scrapes: for a shorter
 * window, the counters of a longer one that ends at the same time are taken in part.
 *
 * @param asked of the server
 * @param part of what it says that belongs to the window, above 0 and at most 1
 */
record Window(Duration asked, double part) {
  static Window of(Duration wanted, PrometheusServer server) {
    Duration shortest = server.shortestWindow();
    return wanted.compareTo(shortest) >= 0
        ? new Window(wanted, 1)
        : new Window(shortest, (double) wanted.toMillis() / shortest.toMillis());
  }
}
