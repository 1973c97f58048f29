package dev.weft.server.worker;

import dev.weft.exchange.PeerCertificate;
import dev.weft.loop.Clock;
import dev.weft.routing.GatewayHealth;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.PeerRules;
import dev.weft.runtime.PeerTrust;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.server.tls.TlsContexts;
import dev.weft.server.tls.TlsFailure;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to endpoints: TCP, then TLS where the transport says so, then the comparison of
 * the peer's names. Confined to its event loop.
 */
public final class Connector {
  private static final int PROBE_MILLIS = 2_000;

  private final EventLoop loop;
  private final Clock clock;
  private final TlsContexts contexts;
  private final GatewayHealth gateways;
  private final PeerMemory pending;
  private final Bootstrap template;

  /**
   * @param pending where what is received of encrypted bytes counts
   */
  Connector(
      EventLoop loop,
      Clock clock,
      TlsContexts contexts,
      GatewayHealth gateways,
      PeerMemory pending) {
    this.loop = loop;
    this.clock = clock;
    this.contexts = contexts;
    this.gateways = gateways;
    this.pending = pending;
    this.template =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true);
  }

  /** Hears how the attempt ended; exactly one call, on the loop, perhaps before connect returns. */
  public interface Outcome {
    /**
     * The channel is open (and secured).
     *
     * @param peer the verified peer; null without TLS
     */
    void connected(Channel channel, @Nullable PeerCertificate peer);

    void failed(UpstreamFailure failure);
  }

  /**
   * Connects.
   *
   * @param authority the request's, for transports that derive the SNI from it; may be empty
   * @param last the handler that is added to the pipeline last
   * @param halfClose whether the peer's end of input leaves the connection open
   */
  public void connect(
      UpstreamEndpoint endpoint,
      UpstreamTransport transport,
      String authority,
      ChannelHandler last,
      boolean halfClose,
      Outcome outcome) {
    InetSocketAddress address = endpoint.address();
    if (address.isUnresolved()) {
      resolve(address, endpoint, transport, authority, last, halfClose, outcome);
    } else {
      open(address, endpoint, transport, authority, last, halfClose, outcome);
    }
  }

  private void resolve(
      InetSocketAddress address,
      UpstreamEndpoint endpoint,
      UpstreamTransport transport,
      String authority,
      ChannelHandler last,
      boolean halfClose,
      Outcome outcome) {
    Thread.startVirtualThread(
        () -> {
          try {
            InetAddress found = InetAddress.getByName(address.getHostString());
            InetSocketAddress resolved = new InetSocketAddress(found, address.getPort());
            loop.execute(
                () -> open(resolved, endpoint, transport, authority, last, halfClose, outcome));
          } catch (UnknownHostException e) {
            loop.execute(
                () ->
                    outcome.failed(
                        new UpstreamFailure(
                            UpstreamFailure.Kind.CONNECT,
                            "no_address_for_" + address.getHostString())));
          }
        });
  }

  private void open(
      InetSocketAddress address,
      UpstreamEndpoint endpoint,
      UpstreamTransport transport,
      String authority,
      ChannelHandler last,
      boolean halfClose,
      Outcome outcome) {
    Cluster cluster = endpoint.cluster().cluster();
    TlsContexts.Session session = null;
    if (transport instanceof UpstreamTransport.Tls tls) {
      try {
        session =
            contexts.client(tls, serverName(endpoint, tls, authority), ByteBufAllocator.DEFAULT);
        session.handler().setHandshakeTimeoutMillis(cluster.connectTimeout().toMillis());
      } catch (SSLException | IllegalArgumentException e) {
        outcome.failed(new UpstreamFailure(UpstreamFailure.Kind.TLS, TlsFailure.of(e)));
        return;
      }
    }
    TlsContexts.Session secured = session;
    int connectMillis = (int) Math.clamp(cluster.connectTimeout().toMillis(), 1, 600_000);
    Bootstrap bootstrap =
        template
            .clone()
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, halfClose)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (secured != null) {
                      TlsInput.add(pending, channel, secured.handler(), channel::close);
                    }
                    channel.pipeline().addLast(last);
                  }
                });
    keepalive(cluster, bootstrap);
    ChannelFuture connecting =
        cluster.sourceAddress() == null || cluster.sourceAddress().isEmpty()
            ? bootstrap.connect(address)
            : bootstrap.connect(address, new InetSocketAddress(cluster.sourceAddress(), 0));
    connecting.addListener(
        (ChannelFutureListener)
            future -> {
              if (!endpoint.endpoint().hop().isEmpty()) {
                judge(endpoint.endpoint().address(), future.isSuccess());
              }
              if (!future.isSuccess()) {
                future.channel().close();
                outcome.failed(connectFailure(future.cause()));
              } else if (secured == null) {
                outcome.connected(future.channel(), null);
              } else {
                awaitHandshake(future.channel(), secured, transport, outcome);
              }
            });
  }

  private static void keepalive(Cluster cluster, Bootstrap bootstrap) {
    Cluster.TcpKeepalive keepalive = cluster.keepalive();
    if (keepalive == null) {
      return;
    }
    bootstrap.option(ChannelOption.SO_KEEPALIVE, true);
    if (keepalive.probes() > 0) {
      bootstrap.option(EpollChannelOption.TCP_KEEPCNT, keepalive.probes());
    }
    if (keepalive.timeSeconds() > 0) {
      bootstrap.option(EpollChannelOption.TCP_KEEPIDLE, keepalive.timeSeconds());
    }
    if (keepalive.intervalSeconds() > 0) {
      bootstrap.option(EpollChannelOption.TCP_KEEPINTVL, keepalive.intervalSeconds());
    }
  }

  private void judge(HostPort gateway, boolean connected) {
    if (connected) {
      gateways.connected(gateway);
    } else {
      gateways.failed(gateway, clock.nanos());
    }
  }

  /** Tries whether a gateway takes connections, and tells those who wait for it. */
  void probe(HostPort gateway) {
    template
        .clone()
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, PROBE_MILLIS)
        .handler(new ChannelInboundHandlerAdapter())
        .connect(gateway.host(), gateway.port())
        .addListener(
            (ChannelFutureListener)
                future -> {
                  future.channel().close();
                  judge(gateway, future.isSuccess());
                });
  }

  private static String serverName(
      UpstreamEndpoint endpoint, UpstreamTransport.Tls tls, String authority) {
    return HopLabel.serverName(endpoint.endpoint().hop(), serverName(tls, authority));
  }

  private static String serverName(UpstreamTransport.Tls tls, String authority) {
    if (!tls.sni().isEmpty() || !tls.autoSni()) {
      return tls.sni();
    }
    int colon = authority.lastIndexOf(':');
    return colon > 0 && authority.indexOf(']', colon) < 0
        ? authority.substring(0, colon)
        : authority;
  }

  private static void awaitHandshake(
      Channel channel, TlsContexts.Session session, UpstreamTransport transport, Outcome outcome) {
    SslHandler handler = session.handler();
    handler
        .handshakeFuture()
        .addListener(
            (Future<Channel> future) -> {
              if (!future.isSuccess()) {
                channel.close();
                outcome.failed(
                    new UpstreamFailure(UpstreamFailure.Kind.TLS, TlsFailure.of(future.cause())));
                return;
              }
              PeerCertificate peer = session.peer();
              if (!expected(transport, session.serverName(), peer)) {
                channel.close();
                outcome.failed(
                    new UpstreamFailure(UpstreamFailure.Kind.TLS, TlsFailure.WRONG_NAME));
                return;
              }
              outcome.connected(channel, peer);
            });
  }

  /** Whether the certificate carries a name that the configuration wants to see. */
  private static boolean expected(
      UpstreamTransport transport, String serverName, @Nullable PeerCertificate peer) {
    if (!(transport instanceof UpstreamTransport.Tls tls)) {
      return true;
    }
    PeerRules rules = tls.trust().rules();
    boolean demands = !rules.subjectNames().isEmpty() || rules.pinned();
    if (demands && (peer == null || !peer.matches(rules))) {
      return false;
    }
    if (!rules.subjectNames().isEmpty()) {
      return true;
    }
    boolean verified = !(tls.trust() instanceof PeerTrust.None);
    return !verified
        || !tls.autoSanValidation()
        || serverName.isEmpty()
        || peer != null && peer.isFor(serverName);
  }

  private static UpstreamFailure connectFailure(@Nullable Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return new UpstreamFailure(UpstreamFailure.Kind.TIMEOUT, "connection_timeout");
    }
    // "finishConnect(..) failed with error(-111): Connection refused: /10.0.0.1:80"
    String message = String.valueOf(cause == null ? "" : cause.getMessage());
    int address = message.lastIndexOf(": /");
    String text = address > 0 ? message.substring(0, address) : message;
    String reason = text.substring(text.lastIndexOf(": ") + 1).strip();
    return new UpstreamFailure(
        UpstreamFailure.Kind.CONNECT, "delayed_connect_error:_" + reason.replaceAll("[^!-~]", "_"));
  }
}
