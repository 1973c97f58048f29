package dev.weft.topology.history;

import dev.weft.config.SyncState;
import java.util.List;

/**
 * A registered cluster.
 *
 * @param message why it is in its state; empty where there is nothing to say
 * @param region empty where no pod says it
 * @param gateway its cross-cluster proxy; without addresses and pods where there is none
 */
public record ClusterFact(
    String id,
    String network,
    SyncState state,
    String message,
    String region,
    List<String> zones,
    GatewayFact gateway) {
  public ClusterFact {
    zones = List.copyOf(zones);
  }

  /**
   * A cross-cluster proxy.
   *
   * @param name of its IstioGateway
   * @param addresses where clients are told to reach it
   */
  public record GatewayFact(
      boolean enabled, String name, List<String> addresses, int pods, int ready) {
    public GatewayFact {
      addresses = List.copyOf(addresses);
    }

    /** Whether there is anything to show of it. */
    public boolean present() {
      return enabled || !addresses.isEmpty() || pods > 0;
    }
  }
}
