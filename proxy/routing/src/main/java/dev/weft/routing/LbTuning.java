package dev.weft.routing;

/**
 * Settings that all policies share.
 *
 * @param panicThreshold in percent: with fewer healthy endpoints health is ignored; 0 turns it off
 * @param localityWeighted true: the weights of localities count
 */
public record LbTuning(double panicThreshold, boolean localityWeighted) {
  public static final LbTuning DEFAULT = new LbTuning(50, false);
}
