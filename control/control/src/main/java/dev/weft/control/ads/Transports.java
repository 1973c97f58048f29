package dev.weft.control.ads;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/**
 * The connections of the discovery server. gRPC ends one only when it has reached an age that is
 * the same for all; here, any of them can be told to go. Thread-safe.
 */
final class Transports implements AutoCloseable {
  private final EventLoopGroup acceptor;
  private final EventLoopGroup loops;
  private final Map<String, Channel> open = new ConcurrentHashMap<>();

  /**
   * @param loops how many threads read and write
   */
  Transports(int loops) {
    ThreadFactory threads = new DefaultThreadFactory("xds-loop", true);
    if (Epoll.isAvailable()) {
      this.acceptor = new EpollEventLoopGroup(1, threads);
      this.loops = new EpollEventLoopGroup(loops, threads);
    } else {
      this.acceptor = new NioEventLoopGroup(1, threads);
      this.loops = new NioEventLoopGroup(loops, threads);
    }
  }

  /** Has the server that is built use these connections. */
  void serve(NettyServerBuilder server) {
    NettyServerBuilder unused =
        server
            .bossEventLoopGroup(acceptor)
            .workerEventLoopGroup(loops)
            .channelFactory(this::listening);
  }

  private ServerChannel listening() {
    ServerChannel server =
        Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    server
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object accepted) {
                if (accepted instanceof Channel channel) {
                  remember(channel);
                }
                context.fireChannelRead(accepted);
              }
            });
    return server;
  }

  private void remember(Channel channel) {
    String peer = String.valueOf(channel.remoteAddress());
    open.put(peer, channel);
    channel.closeFuture().addListener(closed -> open.remove(peer, channel));
  }

  /**
   * Tells a peer by GOAWAY to open its next stream on another connection. The connection ends with
   * the streams that it has.
   *
   * @param peer as {@link PeerAddress} has it
   */
  void goAway(String peer) {
    Channel channel = open.get(peer);
    if (channel != null) {
      channel.close();
    }
  }

  /** After the servers have ended. */
  @Override
  public void close() {
    acceptor.shutdownGracefully();
    loops.shutdownGracefully();
  }
}
