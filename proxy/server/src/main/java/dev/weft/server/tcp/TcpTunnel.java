package dev.weft.server.tcp;

import dev.weft.exchange.ConnectionAccess;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.PeerCertificate;
import dev.weft.exchange.ResponseFlag;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.TcpPipeline;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.server.log.AccessLogs;
import dev.weft.server.worker.Drainable;
import dev.weft.server.worker.Faults;
import dev.weft.server.worker.HalfClose;
import dev.weft.server.worker.PeerMemory;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose bytes are passed on. The client is not read before the endpoint is connected;
 * afterwards each side is read only as fast as the other takes. Confined to its event loop.
 */
public final class TcpTunnel extends ChannelInboundHandlerAdapter
    implements Drainable, PeerMemory.Holder {
  private static final int MOST_AT_ONCE = 256 * 1024;
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final DownstreamConnection connection;
  private final Worker worker;
  private final TcpPipeline pipeline;
  private final TunnelLog log;
  private final TunnelAttempts attempts;
  private final ArrayDeque<ByteBuf> early = new ArrayDeque<>(1);
  private final PeerMemory.Share share;
  private @Nullable Channel downstream;
  private @Nullable Channel upstream;
  private @Nullable ScheduledFuture<?> timer;
  private boolean done;
  private boolean clientEnded;
  private boolean serverEnded;
  private long lastActivity;
  private int lastTick;

  private TcpTunnel(
      Worker worker,
      DownstreamConnection connection,
      TcpPipeline pipeline,
      List<AccessLogs.Target> logs,
      UnaryOperator<UpstreamTransport> transports) {
    this.connection = connection;
    this.worker = worker;
    this.pipeline = pipeline;
    this.share = worker.pending().share(this);
    this.lastActivity = worker.nanos();
    this.lastTick = worker.tick();
    this.log = new TunnelLog(worker, connection, logs);
    this.attempts =
        new TunnelAttempts(worker, connection, pipeline, log, transports, new WaitingTunnel());
  }

  /** A handler for a connection whose chain is a TCP pipeline. */
  public static TcpTunnel of(Worker worker, DownstreamConnection connection, TcpPipeline pipeline) {
    FilterChain chain = connection.chain();
    List<AccessLogs.Target> logs =
        worker.plan(
            chain == null ? pipeline : chain,
            k -> worker.logs().targets(pipeline.accessLogs(), ResponseFlag::any));
    return new TcpTunnel(worker, connection, pipeline, logs, TcpTunnel::transport);
  }

  /**
   * A handler for a connection that another pipeline passes on as a whole.
   *
   * @param transports the transport for the one that an endpoint is configured with
   */
  public static TcpTunnel of(
      Worker worker,
      DownstreamConnection connection,
      TcpPipeline pipeline,
      List<AccessLogs.Target> logs,
      UnaryOperator<UpstreamTransport> transports) {
    return new TcpTunnel(worker, connection, pipeline, logs, transports);
  }

  /** Notes that a connection is not passed on, which another pipeline decided. */
  public static void refused(
      Worker worker,
      DownstreamConnection connection,
      List<AccessLogs.Target> logs,
      ResponseFlag flag,
      String why) {
    TunnelLog log = new TunnelLog(worker, connection, logs);
    log.fails(flag, why);
    log.finish();
  }

  @Override
  public DownstreamConnection connection() {
    return connection;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    downstream = context.channel();
    worker.connections().add(this);
    connection.servedBy(this::shed);
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    context.channel().config().setAutoRead(false);
    String denial = ConnectionAccess.denial(connection, pipeline.access(), worker.observer());
    if (denial == null) {
      attempts.start();
    } else {
      log.ends(denial);
      closeNow();
    }
  }

  /** Peers' metadata is not exchanged in the byte stream, so the protocol is not offered either. */
  private static UpstreamTransport transport(UpstreamTransport configured) {
    if (!(configured instanceof UpstreamTransport.Tls tls)
        || !tls.alpn().contains("istio-peer-exchange")) {
      return configured;
    }
    return new UpstreamTransport.Tls(
        tls.sni(),
        tls.autoSni(),
        tls.alpn().stream().filter(p -> !p.equals("istio-peer-exchange")).toList(),
        tls.certSecret(),
        tls.trust(),
        tls.autoSanValidation(),
        tls.parameters());
  }

  private void fail(ResponseFlag flag, String why) {
    log.fails(flag, why);
    Channel client = downstream;
    finish();
    if (client != null) {
      client.close();
    }
  }

  /** Bulk data costs fewer system calls in larger portions; a quiet connection holds none. */
  private static void tune(Channel channel) {
    channel
        .config()
        .setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(1024, 4096, MOST_AT_ONCE))
        .setWriteBufferWaterMark(new WriteBufferWaterMark(MOST_AT_ONCE, 2 * MOST_AT_ONCE));
  }

  private void open(Channel channel, @Nullable PeerCertificate peer) {
    upstream = channel;
    tune(channel);
    log.connected(channel, peer);
    ByteBuf part = early.poll();
    while (part != null) {
      log.received(part.readableBytes());
      channel.write(part, channel.voidPromise());
      part = early.poll();
    }
    channel.flush();
    Channel client = downstream;
    if (client != null) {
      tune(client);
    }
    if (clientEnded) {
      HalfClose.output(channel);
    } else if (client != null) {
      client.config().setAutoRead(true);
    }
    arm(checkNanos());
  }

  private long checkNanos() {
    long idle = pipeline.idleTimeout().toNanos();
    long most = pipeline.maxConnectionDuration().toNanos();
    long next = REPORT_NANOS;
    next = idle > 0 ? Math.min(next, idle) : next;
    return most > 0 ? Math.min(next, most) : next;
  }

  private void arm(long nanos) {
    timer = worker.schedule(this::check, nanos);
  }

  private void check() {
    if (done) {
      return;
    }
    log.report();
    long now = worker.nanos();
    long idle = pipeline.idleTimeout().toNanos();
    long most = pipeline.maxConnectionDuration().toNanos();
    if (idle > 0 && now - lastActivity >= idle) {
      log.ends("idle_timeout");
      closeNow();
    } else if (most > 0 && now - connection.startNanos() >= most) {
      log.ends("max_connection_duration_reached");
      closeNow();
    } else {
      long idleLeft = idle > 0 ? lastActivity + idle - now : Long.MAX_VALUE;
      arm(Math.max(1_000_000, Math.min(checkNanos(), idleLeft)));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    Channel to = upstream;
    if (done) {
      in.release();
    } else if (to == null) {
      early.add(in);
      share.changed();
    } else {
      log.received(in.readableBytes());
      pass(in, context.channel(), to);
    }
  }

  private void pass(ByteBuf in, Channel from, Channel to) {
    lastActivity = worker.nanos();
    lastTick = worker.tick();
    to.write(in, to.voidPromise());
    // A closed channel is never writable: its other side must not be paused for ever.
    if (!to.isWritable() && to.isActive()) {
      to.flush();
      if (!to.isWritable()) {
        from.config().setAutoRead(false);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    Channel to = upstream;
    if (to != null) {
      to.flush();
      share.changed();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Channel from = upstream;
    if (from != null && context.channel().isWritable()) {
      from.config().setAutoRead(true);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (ended(event) && !clientEnded) {
      clientEnded = true;
      Channel to = upstream;
      if (serverEnded) {
        finishBoth();
      } else if (to != null) {
        HalfClose.output(to);
      }
    }
    context.fireUserEventTriggered(event);
  }

  private static boolean ended(Object event) {
    return event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
  }

  private void finishBoth() {
    Channel to = upstream;
    Channel client = downstream;
    finish();
    if (to != null) {
      HalfClose.all(to);
    }
    if (client != null) {
      HalfClose.all(client);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Channel to = upstream;
    finish();
    if (to != null) {
      HalfClose.all(to);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Faults.report(cause);
    Channel to = upstream;
    if (cause instanceof IOException && to != null) {
      // The client broke it off. The server must not think that it still waits.
      finish();
      HalfClose.reset(to);
    }
    context.close();
  }

  /** What the search for an endpoint tells. */
  private final class WaitingTunnel implements TunnelAttempts.Waiting {
    @Override
    public ChannelHandler upstreamSide() {
      return new UpstreamSide();
    }

    @Override
    public void connected(Channel channel, @Nullable PeerCertificate peer) {
      open(channel, peer);
    }

    @Override
    public void failed(ResponseFlag flag, String why) {
      fail(flag, why);
    }
  }

  /** The endpoint's side of the tunnel. */
  private final class UpstreamSide extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      Channel to = downstream;
      if (done || to == null) {
        in.release();
        return;
      }
      log.sent(in.readableBytes());
      pass(in, context.channel(), to);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      Channel to = downstream;
      if (to != null) {
        to.flush();
        share.changed();
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      Channel from = downstream;
      if (from != null && upstream != null && context.channel().isWritable()) {
        from.config().setAutoRead(true);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (ended(event) && upstream != null && !serverEnded) {
        serverEnded = true;
        Channel to = downstream;
        if (clientEnded) {
          finishBoth();
        } else if (to != null) {
          HalfClose.output(to);
        }
      }
      context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      Channel to = downstream;
      if (upstream != null && to != null) {
        finish();
        HalfClose.all(to);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      Faults.report(cause);
      context.close();
    }
  }

  private void finish() {
    if (done) {
      return;
    }
    done = true;
    share.end();
    worker.connections().remove(this);
    if (timer != null) {
      boolean unused = timer.cancel(false);
    }
    ByteBuf part = early.poll();
    while (part != null) {
      part.release();
      part = early.poll();
    }
    attempts.finish();
    log.finish();
  }

  @Override
  public long held() {
    long waiting = 0;
    for (ByteBuf part : early) {
      waiting += part.readableBytes();
    }
    return waiting + PeerMemory.unsent(downstream) + PeerMemory.unsent(upstream);
  }

  @Override
  public void shed() {
    if (!done) {
      log.fails(ResponseFlag.OM, "overload");
      closeNow();
    }
  }

  @Override
  public int quietSince() {
    return lastTick;
  }

  @Override
  public void yieldPlace() {
    shed();
  }

  /** A tunnel cannot say that it will end; it is left alone until the drain is over. */
  @Override
  public void drain() {}

  @Override
  public void closeNow() {
    Channel client = downstream;
    Channel to = upstream;
    finish();
    if (to != null) {
      to.close();
    }
    if (client != null) {
      client.close();
    }
  }
}
