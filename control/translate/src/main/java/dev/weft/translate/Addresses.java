package dev.weft.translate;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;

/** Socket addresses. */
final class Addresses {
  private Addresses() {}

  /**
   * @param port 0 for any, where only an address is meant
   */
  static Address of(String ip, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(ip).setPortValue(port))
        .build();
  }

  /** Whether the text is an IP address and not a name: names need a resolver, which EDS lacks. */
  static boolean isIp(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }
}
