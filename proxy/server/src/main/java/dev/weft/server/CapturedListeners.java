package dev.weft.server;

import dev.weft.demand.Awaiting;
import dev.weft.demand.Demand;
import dev.weft.demand.Demanded;
import dev.weft.demand.Demands;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.runtime.Listener;
import dev.weft.server.worker.Worker;
import dev.weft.xds.ListenerName;
import dev.weft.xds.XdsType;
import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the listener of a captured connection; a proxy that asks on demand asks for it first. */
final class CapturedListeners {
  private CapturedListeners() {}

  /**
   * Looks where a connection wanted to go before it was redirected.
   *
   * @return null where it stays with the listener that accepted it
   */
  static @Nullable InetSocketAddress restore(
      Worker worker, Channel channel, DownstreamConnection accepted, Listener listener) {
    if (!listener.useOriginalDst() && !listener.filters().originalDst()) {
      return null;
    }
    InetSocketAddress original = worker.workload().originalDestination().of(channel);
    if (original == null) {
      return null;
    }
    accepted.redirectedTo(original);
    return listener.useOriginalDst() ? original : null;
  }

  /**
   * Waits where the listener of a destination was not asked for yet.
   *
   * @return null where there is nothing to wait for
   */
  static @Nullable Awaiting await(Worker worker, InetSocketAddress destination, Runnable goOn) {
    Demands demands = worker.workload().demands();
    if (!demands.on()) {
      return null;
    }
    String address = NetUtil.toAddressString(destination.getAddress());
    Listener known = find(worker, destination);
    if (known != null && known.name().equals(name(address, destination))) {
      return null;
    }
    Demand own = demand(address, destination);
    Demand any =
        demand(destination.getAddress() instanceof Inet4Address ? "0.0.0.0" : "::", destination);
    return demands.settled(own) && demands.settled(any)
        ? null
        : demands.await(List.of(own, any), worker.loop(), goOn);
  }

  private static Demand demand(String address, InetSocketAddress destination) {
    return new Demand(XdsType.LISTENER, name(address, destination));
  }

  private static String name(String address, InetSocketAddress destination) {
    return new ListenerName.Bound(address, destination.getPort()).format();
  }

  /** Null where there is none: the capturing listener serves the connection itself. */
  static @Nullable Listener find(Worker worker, InetSocketAddress destination) {
    return worker
        .config()
        .captured()
        .find(DownstreamConnection.ip(destination), destination.getPort());
  }

  /** The listener stays for as long as the channel is open. */
  static void hold(Worker worker, Listener listener, Channel channel) {
    Demands demands = worker.workload().demands();
    Demanded demanded =
        demands.on() ? demands.used(new Demand(XdsType.LISTENER, listener.name())) : null;
    if (demanded != null) {
      demanded.hold();
      channel.closeFuture().addListener(closed -> demanded.release());
    }
  }
}
