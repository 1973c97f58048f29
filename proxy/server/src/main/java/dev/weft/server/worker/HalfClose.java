package dev.weft.server.worker;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Ends the output of a connection and leaves its input open. */
public final class HalfClose {
  // Envoy's delayed_close_timeout.
  private static final int LINGER_MILLIS = 1000;

  // RFC 5280, 4.2.1.6.
  private static final Integer URI_NAME = 6;

  private HalfClose() {}

  /**
   * Sends what is written, then the end of output. With TLS, close_notify goes before it, but not
   * to a proxy of a mesh: BoringSSL as Netty binds it ends its own output when it gets one, and
   * what it had still to send would be lost. Like Envoy, proxies take the end of TCP's stream for
   * the same.
   */
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
              if (tls != null && !isProxy(tls)) {
                tls.closeOutbound().addListener(closed -> shutdown(channel));
              } else {
                shutdown(channel);
              }
            });
  }

  private static boolean isProxy(SslHandler tls) {
    try {
      Certificate[] chain = tls.engine().getSession().getPeerCertificates();
      if (!(chain[0] instanceof X509Certificate certificate)) {
        return false;
      }
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names != null && names.stream().anyMatch(HalfClose::isSpiffeId);
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      return false;
    }
  }

  private static boolean isSpiffeId(List<?> name) {
    return name.get(0).equals(URI_NAME) && name.get(1).toString().startsWith("spiffe://");
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
