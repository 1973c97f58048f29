package dev.weft.server;

import dev.weft.codec.ClientHello;
import dev.weft.codec.FirstBytes;
import dev.weft.codec.ProtocolException;
import dev.weft.demand.Awaiting;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.ResponseFlag;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.TcpPipeline;
import dev.weft.server.log.AccessLogs;
import dev.weft.server.tcp.TcpTunnel;
import dev.weft.server.tls.TlsContexts;
import dev.weft.server.tls.TlsFailure;
import dev.weft.server.worker.Faults;
import dev.weft.server.worker.PeerMemory;
import dev.weft.server.worker.TlsInput;
import dev.weft.server.worker.Unread;
import dev.weft.server.worker.Waiting;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection from accept to the choice of its filter chain: original destination, listener, first
 * bytes, TLS. Replaces itself with the chain's handler. Confined to its event loop.
 */
final class AcceptedConnection extends ChannelInboundHandlerAdapter
    implements Waiting, PeerMemory.Holder {
  // Envoy's default of listener_filters_timeout; a listener that waits for ever waits this long.
  private static final long INSPECT_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final Worker worker;
  private final String listenerName;
  private final RefusalLog refusals;
  private final PeerMemory.Share share;
  private @Nullable ChannelHandlerContext context;
  private @Nullable DownstreamConnection connection;
  private final Unread unread = new Unread();
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable Awaiting waiting;
  private boolean inspectTls;
  private boolean inspectHttp;
  private boolean chosen;

  AcceptedConnection(Worker worker, String listenerName, RefusalLog refusals) {
    this.worker = worker;
    this.listenerName = listenerName;
    this.refusals = refusals;
    this.share = worker.pending().share(this);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Listener listener = worker.config().listeners().get(listenerName);
    if (listener == null
        || !(context.channel().remoteAddress() instanceof InetSocketAddress remote)
        || !(context.channel().localAddress() instanceof InetSocketAddress local)
        || !worker.accept(context.channel())) {
      context.close();
      return;
    }
    DownstreamConnection accepted =
        new DownstreamConnection(
            context.channel()::close,
            worker.nanos(),
            worker.workload().nextConnectionId(),
            listener,
            remote,
            local);
    connection = accepted;
    worker.waits(this);
    InetSocketAddress destination =
        CapturedListeners.restore(worker, context.channel(), accepted, listener);
    if (destination != null) {
      waiting =
          CapturedListeners.await(
              worker, destination, () -> handOver(context, accepted, listener, destination));
    }
    if (waiting == null) {
      handOver(context, accepted, listener, destination);
    } else {
      context.channel().config().setAutoRead(false);
    }
  }

  /**
   * Goes on with the listener of the original destination.
   *
   * @param destination null: the connection stays where it was accepted
   */
  private void handOver(
      ChannelHandlerContext context,
      DownstreamConnection accepted,
      Listener listener,
      @Nullable InetSocketAddress destination) {
    boolean waited = waiting != null;
    waiting = null;
    if (chosen) {
      return;
    }
    Listener other = destination == null ? null : CapturedListeners.find(worker, destination);
    if (other != null) {
      accepted.handedTo(other);
      CapturedListeners.hold(worker, other, context.channel());
    }
    if (waited) {
      // Before anybody else decides what is read.
      context.channel().config().setAutoRead(true);
    }
    inspect(context, accepted, other == null ? listener : other);
    look(context, accepted);
  }

  private void inspect(
      ChannelHandlerContext context, DownstreamConnection accepted, Listener serving) {
    int port = accepted.destinationPort();
    inspectTls = serving.filters().tls().appliesTo(port);
    inspectHttp = serving.filters().http().appliesTo(port);
    if (inspectTls || inspectHttp) {
      long configured = serving.inspectTimeout().toNanos();
      timer =
          worker.schedule(
              () -> inspectTimeout(context, accepted), configured > 0 ? configured : INSPECT_NANOS);
    } else {
      choose(context, accepted);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    DownstreamConnection accepted = connection;
    if (chosen || accepted == null) {
      // Between the choice and the removal from the pipeline: pass on.
      context.fireChannelRead(in);
      return;
    }
    unread.add(in, context.alloc());
    look(context, accepted);
  }

  /** Goes on by the bytes that are there, if anything can be done yet. */
  private void look(ChannelHandlerContext context, DownstreamConnection accepted) {
    ByteBuf in = unread.look();
    if (in == null || chosen) {
      return;
    }
    if (waiting != null) {
      share.changed();
      return;
    }
    try {
      if (inspected(accepted, in)) {
        choose(context, accepted);
      } else {
        share.changed();
      }
    } catch (ProtocolException e) {
      refuse(context, accepted, ResponseFlag.DPE, e.violation().text());
    }
  }

  /** Looks at the first bytes; false where more are needed. */
  private boolean inspected(DownstreamConnection accepted, ByteBuf in) {
    if (inspectTls) {
      switch (ClientHello.peek(in)) {
        case ClientHello.Peek.NeedMore more -> {
          return false;
        }
        case ClientHello.Peek.Found found -> {
          accepted.sawTls(found.hello().serverName(), found.hello().protocols());
          return true;
        }
        case ClientHello.Peek.Plain plain -> inspectTls = false;
      }
    }
    if (!inspectHttp) {
      return true;
    }
    switch (FirstBytes.peek(in)) {
      case NEED_MORE -> {
        return false;
      }
      case HTTP_1_0 -> accepted.sawProtocol("http/1.0", false);
      case HTTP_1_1 -> accepted.sawProtocol("http/1.1", false);
      case H2C -> accepted.sawProtocol("h2c", true);
      case OTHER -> {}
    }
    return true;
  }

  /** No more bytes come: it is what it is by now. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    DownstreamConnection accepted = connection;
    if (event instanceof ChannelInputShutdownEvent && !chosen && accepted != null) {
      choose(context, accepted);
    }
    context.fireUserEventTriggered(event);
  }

  private void inspectTimeout(ChannelHandlerContext context, DownstreamConnection accepted) {
    if (chosen || !context.channel().isActive()) {
      return;
    }
    if (accepted.listener().continueOnInspectTimeout()) {
      choose(context, accepted);
    } else {
      refuse(context, accepted, ResponseFlag.NR, "listener_filter_timeout");
    }
  }

  private void choose(ChannelHandlerContext context, DownstreamConnection accepted) {
    chosen = true;
    cancelTimer();
    FilterChain chain = accepted.listener().chainFor(accepted);
    if (chain == null) {
      refuse(context, accepted, ResponseFlag.NR, "filter_chain_not_found");
      return;
    }
    accepted.chose(chain);
    switch (chain.tls()) {
      case DownstreamTls.Plain plain ->
          install(context, handler(worker, accepted, chain, accepted.http2Preface()));
      case DownstreamTls.Terminate terminate -> terminate(context, accepted, chain, terminate);
    }
  }

  /**
   * The handler of a chain.
   *
   * @param http2 whether the client is known to speak HTTP/2
   */
  static ChannelHandler handler(
      Worker worker, DownstreamConnection accepted, FilterChain chain, boolean http2) {
    return switch (chain.pipeline()) {
      case HttpPipeline http -> HttpLegs.downstream(worker, accepted, http, http2);
      case TcpPipeline tcp -> TcpTunnel.of(worker, accepted, tcp);
    };
  }

  private void terminate(
      ChannelHandlerContext context,
      DownstreamConnection accepted,
      FilterChain chain,
      DownstreamTls.Terminate tls) {
    TlsContexts.Session session;
    try {
      session = worker.workload().tls().server(spoken(tls, chain), context.alloc());
    } catch (SSLException e) {
      refuse(context, accepted, ResponseFlag.DPE, TlsFailure.of(e));
      return;
    }
    long configured = chain.handshakeTimeout().toMillis();
    session
        .handler()
        .setHandshakeTimeoutMillis(
            configured > 0 ? configured : worker.settings().handshakeTimeout().toMillis());
    TlsInput.add(worker.pending(), context.channel(), session.handler(), accepted::giveUp);
    install(context, new Handshake(this, worker, accepted, chain, tls, session));
  }

  /** What this chain cannot speak is not negotiated. */
  private static DownstreamTls.Terminate spoken(DownstreamTls.Terminate tls, FilterChain chain) {
    boolean http2 =
        chain.pipeline() instanceof HttpPipeline http && http.codec() != HttpPipeline.Codec.HTTP1;
    List<String> alpn =
        tls.alpn().stream()
            .filter(p -> http2 || !p.equals("h2"))
            .filter(p -> !p.equals("istio-h2") && !p.equals("istio-peer-exchange"))
            .toList();
    return new DownstreamTls.Terminate(
        tls.certSecret(), tls.trust(), tls.requireClientCert(), alpn, tls.parameters());
  }

  private void install(ChannelHandlerContext context, ChannelHandler handler) {
    ChannelPipeline pipeline = context.pipeline();
    pipeline.addLast(handler);
    ByteBuf first = unread.take();
    share.changed();
    if (first != null) {
      context.fireChannelRead(first);
      context.fireChannelReadComplete();
    }
    if (!context.isRemoved()) {
      pipeline.remove(this);
    }
  }

  @Override
  public long held() {
    return unread.size();
  }

  @Override
  public void shed() {
    yieldPlace();
  }

  @Override
  public DownstreamConnection connection() {
    return Objects.requireNonNull(connection, "it waits for nobody before it is active");
  }

  @Override
  public void yieldPlace() {
    DownstreamConnection accepted = connection;
    if (context != null && accepted != null) {
      refuse(context, accepted, ResponseFlag.OM, "overload");
    }
  }

  /** Closes a connection that nobody serves, with a line in the listener's log. */
  void refuse(
      ChannelHandlerContext context,
      DownstreamConnection accepted,
      ResponseFlag flag,
      String reason) {
    chosen = true;
    cancelTimer();
    List<AccessLogs.Target> logs =
        worker.logs().targets(accepted.listener().accessLogs(), ResponseFlag::any);
    long lasted = (worker.nanos() - accepted.startNanos()) / 1_000_000;
    RefusedConnection refused =
        new RefusedConnection(accepted, worker.millis() - lasted, lasted, flag, reason);
    for (AccessLogs.Target log : logs) {
      log.write(refused);
    }
    refusals.note(accepted, flag, reason, worker.nanos());
    context.close();
  }

  private void cancelTimer() {
    if (waiting != null) {
      waiting.cancel();
      waiting = null;
    }
    if (timer != null) {
      boolean unused = timer.cancel(false);
      timer = null;
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    cancelTimer();
    worker.waitsNoMore(this);
    share.end();
    unread.drop();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    chosen = true;
    cancelTimer();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Faults.report(cause);
    context.close();
  }
}
