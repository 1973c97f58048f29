package dev.weft.control.traffic;

import dev.weft.prometheus.Fleet;
import dev.weft.prometheus.PrometheusTraffic;
import dev.weft.topology.Tally;
import dev.weft.topology.Traffic;
import dev.weft.topology.TrafficSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Prometheus where servers of it are configured, which may change at any time; else what the
 * proxies told this control plane. Thread-safe.
 */
public final class TrafficChoice implements TrafficSource {
  private final Fleet fleet;
  private final TrafficSource prometheus;
  private final TrafficSource embedded;

  public TrafficChoice(Fleet fleet, TrafficSource embedded) {
    this.fleet = fleet;
    this.prometheus = new PrometheusTraffic(fleet);
    this.embedded = embedded;
  }

  @Override
  public Traffic between(Instant from, Instant to) {
    return chosen().between(from, to);
  }

  @Override
  public List<Tally> strip(Instant from, Instant to, Duration step) {
    return chosen().strip(from, to, step);
  }

  private TrafficSource chosen() {
    return fleet.configured() ? prometheus : embedded;
  }
}
