package dev.weft.config;

import java.util.List;
import java.util.Map;

/**
 * Which localities a client prefers. Istio: {@code localityLbSetting}.
 *
 * @param distribute shares by locality pattern; excludes the other two
 * @param failover for a client's region, the region to go to next
 * @param failoverPriority labels in order of importance, each {@code label} or {@code label=value}
 */
public record LocalityLoadBalancing(
    boolean enabled,
    List<Distribute> distribute,
    List<Failover> failover,
    List<String> failoverPriority) {

  public static final LocalityLoadBalancing ENABLED =
      new LocalityLoadBalancing(true, List.of(), List.of(), List.of());

  public LocalityLoadBalancing {
    distribute = List.copyOf(distribute);
    failover = List.copyOf(failover);
    failoverPriority = List.copyOf(failoverPriority);
  }

  /**
   * @param from pattern of the client's locality, {@code region/zone/*}
   * @param to pattern to per cent, together 100
   */
  public record Distribute(String from, Map<String, Integer> to) {
    public Distribute {
      to = Copies.map(to);
    }
  }

  /** From a region to a region. */
  public record Failover(String from, String to) {}
}
