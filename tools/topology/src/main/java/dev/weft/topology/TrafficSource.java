package dev.weft.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Where the traffic of a picture comes from: what proxies told the control plane, or Prometheus.
 * Thread-safe. A source that cannot answer says so in {@link Traffic#state}; it does not throw.
 */
public interface TrafficSource {

  /**
   * What flowed between two moments.
   *
   * @param to after {@code from}, not in the future
   */
  Traffic between(Instant from, Instant to);

  /**
   * How much flowed in all, step by step, oldest first; steps of which nothing is known are left
   * out.
   */
  List<Tally> strip(Instant from, Instant to, Duration step);
}
