package dev.weft.runtime;

import dev.weft.types.HostPort;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the listener of an original destination: first {@code ip:port}, then {@code 0.0.0.0:port}
 * or {@code [::]:port} (Envoy: {@code active_tcp_listener.cc}, {@code
 * ConnectionHandlerImpl::getBalancedHandlerByAddress}).
 */
public final class ListenerTable {
  private final Map<HostPort, Listener> byAddress;

  private ListenerTable(Map<HostPort, Listener> byAddress) {
    this.byAddress = byAddress;
  }

  /** Of all listeners; those that hand connections over themselves are left out. */
  public static ListenerTable of(Map<String, Listener> listeners) {
    Map<HostPort, Listener> byAddress = new HashMap<>();
    for (Listener listener : listeners.values()) {
      if (!listener.useOriginalDst()) {
        listener.addresses().forEach(a -> byAddress.merge(a, listener, ListenerTable::captured));
      }
    }
    return new ListenerTable(byAddress);
  }

  /** Of two with one address, the one that has no socket is there for captured connections. */
  private static Listener captured(Listener one, Listener other) {
    return one.bindToPort() ? other : one;
  }

  /**
   * The listener for an original destination.
   *
   * @param ip a literal, as {@link java.net.InetAddress#getHostAddress()} writes it
   * @return null where there is none: the capturing listener serves the connection itself
   */
  public @Nullable Listener find(String ip, int port) {
    Listener exact = byAddress.get(new HostPort(ip, port));
    if (exact != null) {
      return exact;
    }
    Listener any4 = ip.indexOf(':') < 0 ? byAddress.get(new HostPort("0.0.0.0", port)) : null;
    return any4 != null ? any4 : byAddress.get(new HostPort("::", port));
  }
}
