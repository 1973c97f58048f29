package dev.weft.server.worker;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells where a redirected connection wanted to go. */
@FunctionalInterface
public interface OriginalDestination {
  /** The destination before redirection, or null where the connection was not redirected. */
  @Nullable InetSocketAddress of(Channel channel);

  /** Asks the kernel's connection tracking ({@code SO_ORIGINAL_DST}). */
  static OriginalDestination kernel() {
    return SocketOption::read;
  }

  /** The socket options; Linux: {@code netfilter_ipv4.h}, {@code ip6_tables.h}. */
  final class SocketOption {
    private static final RawUnixChannelOption V4 =
        new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);
    private static final RawUnixChannelOption V6 =
        new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", 41, 80, 28);

    private SocketOption() {}

    private static @Nullable InetSocketAddress read(Channel channel) {
      if (!(channel instanceof EpollSocketChannel epoll)) {
        return null;
      }
      try {
        InetSocketAddress local = epoll.localAddress();
        boolean v6 =
            local != null
                && local.getAddress() instanceof Inet6Address a
                && !a.isIPv4CompatibleAddress();
        InetSocketAddress found = v6 ? read6(epoll) : read4(epoll);
        return found == null || found.equals(local) ? null : found;
      } catch (RuntimeException e) {
        // ENOENT: no connection tracking entry, so nobody redirected it.
        return null;
      }
    }

    private static @Nullable InetSocketAddress read4(EpollSocketChannel channel) {
      ByteBuffer raw = channel.config().getOption(V4);
      return raw == null ? null : address(raw, 4, 8);
    }

    private static @Nullable InetSocketAddress read6(EpollSocketChannel channel) {
      ByteBuffer raw = channel.config().getOption(V6);
      return raw == null ? null : address(raw, 8, 24);
    }

    private static @Nullable InetSocketAddress address(ByteBuffer raw, int from, int to) {
      byte[] bytes = new byte[raw.remaining()];
      raw.get(bytes);
      int port = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
      try {
        return port == 0
            ? null
            : new InetSocketAddress(
                InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, to)), port);
      } catch (UnknownHostException e) {
        return null;
      }
    }
  }
}
