package dev.weft.proxy;

import dev.weft.types.MeshPorts;
import java.util.Map;

/** The ports that the proxy itself listens on; 0 picks any (for tests). */
record ProxyPorts(int admin, int agent, int readiness, int stats, int dns) {
  /** Istio's, unless {@code WEFT_PORTS} gives five others, separated by commas. */
  static ProxyPorts of(Map<String, String> environment) {
    String custom = environment.get("WEFT_PORTS");
    if (custom == null) {
      return new ProxyPorts(
          MeshPorts.ADMIN,
          MeshPorts.MERGED_STATS,
          MeshPorts.READINESS,
          MeshPorts.PROXY_STATS,
          MeshPorts.DNS);
    }
    String[] parts = custom.split(",", -1);
    if (parts.length != 5) {
      throw new IllegalArgumentException("WEFT_PORTS " + custom + " is not five ports");
    }
    int[] ports = new int[5];
    for (int i = 0; i < 5; i++) {
      try {
        ports[i] = Integer.parseInt(parts[i].strip());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("WEFT_PORTS " + custom + " is not five ports", e);
      }
    }
    return new ProxyPorts(ports[0], ports[1], ports[2], ports[3], ports[4]);
  }
}
