package dev.weft.routing;

/** Bounds of a cluster; {@link #UNLIMITED} for none. */
public record CircuitLimits(
    long maxConnections, long maxPendingRequests, long maxRequests, long maxRetries) {
  public static final long NO_LIMIT = 0xFFFF_FFFFL;

  /** Envoy's own defaults, for clusters that set nothing. */
  public static final CircuitLimits DEFAULT = new CircuitLimits(1024, 1024, 1024, 3);

  public static final CircuitLimits UNLIMITED =
      new CircuitLimits(NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT);
}
