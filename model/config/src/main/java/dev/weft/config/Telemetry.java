package dev.weft.config;

import java.util.List;

/**
 * What proxies tell of the traffic of workloads. {@code telemetry.istio.io Telemetry}.
 *
 * @param accessLogging in order; later ones count
 */
public record Telemetry(ObjectMeta meta, PolicyTarget target, List<Logging> accessLogging)
    implements ConfigObject {
  public Telemetry {
    accessLogging = List.copyOf(accessLogging);
  }

  /** On which side of a call a proxy stands. */
  public enum Side {
    /** The caller's, and gateways. */
    CLIENT,
    SERVER
  }

  /** Which sides something is for. */
  public enum Mode {
    CLIENT_AND_SERVER,
    CLIENT,
    SERVER;

    /** Whether a side is one of them. */
    public boolean includes(Side side) {
      return this == CLIENT_AND_SERVER || name().equals(side.name());
    }
  }

  /**
   * Logs that are written or not.
   *
   * @param providers their names; empty for those that were written without it
   * @param condition that a request meets which is logged (an {@link dev.weft.types.Expression});
   *     empty for all
   */
  public record Logging(Mode mode, List<String> providers, boolean disabled, String condition) {
    public Logging {
      providers = List.copyOf(providers);
    }
  }
}
