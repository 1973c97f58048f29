package dev.weft.proxy.loop;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Ends the output of a connection and leaves its input open. */
public final class HalfClose {
  // Envoy's delayed_close_timeout.
  private static final int LINGER_MILLIS = 1000;

  private HalfClose() {}

  /** Sends what is written, then the end of output (with TLS: close_notify first). */
  public static void output(Channel channel) {
    if (!channel.isActive()) {
      return;
    }
    // Netty fails what is not flushed yet when the output is shut down, so that has to go first.
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            flushed -> {
              SslHandler tls = channel.pipeline().get(SslHandler.class);
              if (tls != null) {
                tls.closeOutbound().addListener(closed -> shutdown(channel));
              } else {
                shutdown(channel);
              }
            });
  }

  private static void shutdown(Channel channel) {
    if (channel.isActive()
        && channel instanceof SocketChannel socket
        && !socket.isOutputShutdown()) {
      socket.shutdownOutput();
    }
  }

  /**
   * Breaks a connection off by a reset: its end alone could be that of somebody who still waits for
   * an answer. What is written and not sent is lost.
   */
  public static void reset(Channel channel) {
    if (channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
  }

  /** Sends what is written, then closes. */
  public static void all(Channel channel) {
    if (channel.isActive()) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> channel.close());
    }
  }

  /**
   * Sends what is written, then the end of output; closes a second later. Closing with unread bytes
   * would reset the connection and destroy the answer on its way.
   */
  public static void lingering(ChannelHandlerContext context) {
    Channel channel = context.channel();
    channel.config().setAutoRead(true);
    context
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            flushed -> {
              if (channel instanceof SocketChannel socket && socket.isActive()) {
                socket.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
                socket.shutdownOutput();
              }
            });
    ScheduledFuture<?> unused =
        context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }
}
