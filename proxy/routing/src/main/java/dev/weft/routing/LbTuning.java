package dev.weft.routing;

import java.time.Duration;

/**
 * Settings that all policies share.
 *
 * @param panicThreshold in percent: with fewer healthy endpoints health is ignored; 0 turns it off
 * @param localityWeighted true: the weights of localities count
 * @param slowStart how long a new endpoint gets less than its share; zero for none
 */
public record LbTuning(double panicThreshold, boolean localityWeighted, Duration slowStart) {
  public static final LbTuning DEFAULT = new LbTuning(50, false);

  /** Envoy's default of {@code min_weight_percent}. */
  private static final double MIN = 0.1;

  /** Without slow start. */
  public LbTuning(double panicThreshold, boolean localityWeighted) {
    this(panicThreshold, localityWeighted, Duration.ZERO);
  }

  /** Which part of its share an endpoint of this age gets: from a tenth, growing evenly, to 1. */
  public double shareAt(Duration age) {
    return age.compareTo(slowStart) >= 0
        ? 1
        : Math.max(MIN, (double) age.toNanos() / slowStart.toNanos());
  }
}
