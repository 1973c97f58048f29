package dev.weft.routing;

/**
 * Counts what is under way to a cluster and refuses what is over its limits. Confined to one event
 * loop, which gets a part of the limits; the limit of each part is at least one unless it is zero.
 */
public final class CircuitBreaker {
  private final long[] limits;
  private final long[] used = new long[Resource.values().length];
  private long overflows;

  /** What is counted. */
  public enum Resource {
    CONNECTIONS,
    PENDING,
    REQUESTS,
    RETRIES
  }

  /**
   * A breaker for one of several loops.
   *
   * @param parts how many loops share the limits
   */
  public CircuitBreaker(CircuitLimits limits, int parts) {
    this.limits =
        new long[] {
          share(limits.maxConnections(), parts),
          share(limits.maxPendingRequests(), parts),
          share(limits.maxRequests(), parts),
          share(limits.maxRetries(), parts)
        };
  }

  private static long share(long limit, int parts) {
    return limit == 0 || limit >= CircuitLimits.NO_LIMIT ? limit : Math.ceilDiv(limit, parts);
  }

  /** Takes one, or answers false: flag {@code UO}. */
  public boolean tryAcquire(Resource resource) {
    int i = resource.ordinal();
    if (used[i] >= limits[i]) {
      overflows++;
      return false;
    }
    used[i]++;
    return true;
  }

  /** Gives one back. */
  public void release(Resource resource) {
    int i = resource.ordinal();
    if (used[i] == 0) {
      throw new IllegalStateException("released more " + resource + " than were taken");
    }
    used[i]--;
  }

  public long used(Resource resource) {
    return used[resource.ordinal()];
  }

  /** How often something was refused. */
  public long overflows() {
    return overflows;
  }
}
