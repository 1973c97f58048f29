package dev.weft.server;

import dev.weft.runtime.Listener;
import dev.weft.server.worker.Worker;
import dev.weft.types.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The sockets that connections come in by: one per address and loop, all on the same port
 * (SO_REUSEPORT). Guarded by its server's lock.
 */
final class ListenerSockets {
  /** {@code IPPROTO_IPV6} and {@code IPV6_V6ONLY} of Linux. */
  private static final IntegerUnixChannelOption V6_ONLY =
      new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

  private final List<Worker> workers;
  private final Map<Key, List<Channel>> open = new HashMap<>();
  private final Map<String, String> failures = new TreeMap<>();

  ListenerSockets(List<Worker> workers) {
    this.workers = workers;
  }

  private record Key(String listener, HostPort address, boolean bothFamilies) {}

  /** Opens what is wanted and not open, closes what is open and not wanted. */
  void apply(Map<String, Listener> listeners) {
    Set<Key> wanted = new HashSet<>();
    for (Listener listener : listeners.values()) {
      if (listener.bindToPort()) {
        for (HostPort address : listener.addresses()) {
          // What the kernel redirects comes by both families, whatever the listener's address.
          boolean both = listener.useOriginalDst() && address.host().equals("0.0.0.0");
          wanted.add(new Key(listener.name(), address, both));
        }
      }
    }
    open.entrySet()
        .removeIf(
            entry -> {
              boolean drop = !wanted.contains(entry.getKey());
              if (drop) {
                close(entry.getValue());
              }
              return drop;
            });
    failures.clear();
    for (Key key : wanted) {
      if (!open.containsKey(key)) {
        bind(key);
      }
    }
  }

  private void bind(Key key) {
    List<ChannelFuture> binding = new ArrayList<>();
    InetSocketAddress address = new InetSocketAddress(key.address.host(), key.address.port());
    for (Worker worker : workers) {
      ServerBootstrap bootstrap = bootstrap(worker, key.listener, sockets(key, address));
      if (!key.bothFamilies && address.getAddress() instanceof Inet6Address) {
        bootstrap.option(V6_ONLY, 1);
      }
      binding.add(bootstrap.bind(address));
    }
    List<Channel> channels = new ArrayList<>();
    for (ChannelFuture future : binding) {
      future.awaitUninterruptibly();
      if (future.isSuccess()) {
        channels.add(future.channel());
      } else {
        Throwable cause = future.cause();
        failures.put(
            key.listener,
            "address " + key.address + ": " + (cause == null ? "not bound" : cause.getMessage()));
      }
    }
    if (channels.size() == workers.size()) {
      open.put(key, channels);
    } else {
      close(channels);
    }
  }

  /** {@code ::} and {@code 0.0.0.0} can stand side by side, each for its own family. */
  private static ChannelFactory<EpollServerSocketChannel> sockets(
      Key key, InetSocketAddress address) {
    if (key.bothFamilies) {
      return EpollServerSocketChannel::new;
    }
    SocketProtocolFamily family =
        address.getAddress() instanceof Inet6Address
            ? SocketProtocolFamily.INET6
            : SocketProtocolFamily.INET;
    return () -> new EpollServerSocketChannel(family);
  }

  private static ServerBootstrap bootstrap(
      Worker worker, String listener, ChannelFactory<EpollServerSocketChannel> sockets) {
    RefusalLog refusals = new RefusalLog();
    return new ServerBootstrap()
        .group(worker.loop())
        .channelFactory(sockets)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(UnixChannelOption.SO_REUSEPORT, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        // A client that has sent everything still waits for the response.
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new AcceptedConnection(worker, listener, refusals));
              }
            });
  }

  private static void close(List<Channel> channels) {
    channels.forEach(c -> c.close().awaitUninterruptibly());
  }

  /** Listeners whose address could not be bound, and why. They are tried again with each change. */
  Map<String, String> failures() {
    return Map.copyOf(failures);
  }

  /** How many addresses are open. */
  int size() {
    return open.size();
  }

  void closeAll() {
    open.values().forEach(ListenerSockets::close);
    open.clear();
  }
}
