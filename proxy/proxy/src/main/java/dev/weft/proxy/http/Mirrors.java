package dev.weft.proxy.http;

import dev.weft.proxy.loop.ClusterState;
import dev.weft.proxy.loop.Connector;
import dev.weft.proxy.loop.UpstreamEndpoint;
import dev.weft.proxy.loop.UpstreamFailure;
import dev.weft.proxy.tls.PeerCertificate;
import dev.weft.routing.Balancer;
import dev.weft.routing.RouteAction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Copies of requests to other clusters. Nobody waits for their responses, and their failures are
 * ignored. A copy has a connection of its own; a body beyond the replay buffer is not copied.
 */
final class Mirrors {
  private static final int LIFE_SECONDS = 10;

  private Mirrors() {}

  /** Sends the copies that the route asks for; the request is complete. */
  static void send(Exchange exchange, RouteAction.Forward route) {
    if (route.mirrors().isEmpty() || !exchange.body.complete()) {
      return;
    }
    for (RouteAction.Mirror mirror : route.mirrors()) {
      if (mirror.fraction().selects(exchange.worker.random().nextLong())) {
        send(exchange, mirror);
      }
    }
  }

  private static void send(Exchange exchange, RouteAction.Mirror mirror) {
    ClusterState cluster = exchange.worker.cluster(mirror.cluster());
    UpstreamEndpoint endpoint = cluster == null ? null : cluster.pick(Balancer.Wish.PLAIN);
    if (cluster == null || endpoint == null || !cluster.beginConnection()) {
      return;
    }
    ByteBufAllocator allocator = exchange.downstream.context().alloc();
    ByteBuf copy =
        Unpooled.wrappedBuffer(
            exchange.requestEdits.shadow(allocator), exchange.body.copy(allocator));
    exchange
        .worker
        .connector()
        .connect(
            endpoint,
            exchange.plan.transport(endpoint.transport()),
            exchange.head.authority(),
            new Discard(),
            false,
            new Connector.Outcome() {
              @Override
              public void connected(Channel channel, @Nullable PeerCertificate peer) {
                cluster.connected(true);
                channel.closeFuture().addListener(closed -> cluster.disconnected());
                channel.writeAndFlush(copy);
              }

              @Override
              public void failed(UpstreamFailure failure) {
                cluster.connected(false);
                copy.release();
              }
            });
  }

  /** Reads what comes and forgets it, until the server closes or the time is up. */
  private static final class Discard extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      java.util.concurrent.Future<?> unused =
          context
              .channel()
              .eventLoop()
              .schedule(() -> context.close(), LIFE_SECONDS, TimeUnit.SECONDS);
      context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ((ByteBuf) message).release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
