package dev.weft.ca;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Whether a connection was made in our own pod or machine: through a port-forward, or by somebody
 * who is in already.
 */
public final class SameHost {
  /** From there comes what a sidecar took from others and passes on to its pod. */
  private static final InetAddress PASSED_ON = InetAddress.ofLiteral("127.0.0.6");

  private SameHost() {}

  /**
   * By the two ends of a connection: the peer's is a loopback address or our own one, which the
   * kernel takes from no wire.
   */
  public static boolean holds(@Nullable SocketAddress peer, @Nullable SocketAddress own) {
    if (!(peer instanceof InetSocketAddress from) || from.getAddress() == null) {
      return false;
    }
    InetAddress address = from.getAddress();
    if (address.equals(PASSED_ON)) {
      return false;
    }
    return address.isLoopbackAddress()
        || own instanceof InetSocketAddress to && address.equals(to.getAddress());
  }
}
