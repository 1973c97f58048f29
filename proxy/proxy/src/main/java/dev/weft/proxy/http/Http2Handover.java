package dev.weft.proxy.http;

import dev.weft.codec.Violation;
import dev.weft.proxy.demand.Awaiting;
import dev.weft.proxy.loop.ClusterState;
import dev.weft.proxy.loop.DownstreamConnection;
import dev.weft.proxy.loop.Faults;
import dev.weft.proxy.loop.PeerMemory;
import dev.weft.proxy.loop.ResponseFlag;
import dev.weft.proxy.loop.Waiting;
import dev.weft.proxy.loop.Worker;
import dev.weft.proxy.tcp.TcpTunnel;
import dev.weft.routing.ClusterChoice;
import dev.weft.routing.RequestRule;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.TcpPipeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 connection on an HTTP chain of a sidecar: its first request chooses the route, and the
 * connection as a whole goes there. Streams are not taken apart, and metrics are those of TCP.
 * Where the routes of the host say anything that holds request by request ({@link RequestRule}),
 * the connection would escape it and is sent away. Confined to its event loop.
 *
 * <p>Some clients send no request before they saw the server's SETTINGS, so an empty one is sent at
 * once. The client acknowledges it, which the server must not see: {@link Http2AckFilter}.
 */
final class Http2Handover extends ChannelInboundHandlerAdapter
    implements PeerMemory.Holder, Waiting {
  static final int PREFACE = 24;
  static final int FRAME_HEAD = 9;
  private static final String PREFACE_LINE = "PRI * HTTP/2.0";
  private static final int MOST = 64 * 1024;
  private static final int HEADERS = 1;
  private static final int GOAWAY = 7;
  private static final int GOAWAY_HEAD = 8;
  private static final int HTTP_1_1_REQUIRED = 0xd;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int PRIORITY = 0x20;

  private final DownstreamConnection connection;
  private final HttpPlan plan;
  private final PeerMemory.Share share;
  private @Nullable ChannelHandlerContext context;
  private ByteBuf received = Unpooled.EMPTY_BUFFER;
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable Awaiting waiting;
  private boolean over;

  private Http2Handover(DownstreamConnection connection, HttpPlan plan) {
    this.connection = connection;
    this.plan = plan;
    this.share = connection.worker().pending().share(this);
  }

  /** Whether what is wrong with a connection's first head is that it is HTTP/2 (RFC 9113, 3.4). */
  static boolean wanted(HttpPlan plan, Violation violation, HeadReader head) {
    // At the edge a later stream could ask for what the routes keep from the first one.
    boolean edge = plan.pipeline.forwarded().useRemoteAddress();
    return violation == Violation.UNSUPPORTED_VERSION && !edge && head.startsWith(PREFACE_LINE);
  }

  /** Puts itself into the place of a handler that read the first bytes. Takes ownership of them. */
  static void replace(
      ChannelHandler before,
      ChannelHandlerContext context,
      DownstreamConnection connection,
      HttpPlan plan,
      ByteBuf first) {
    Http2Handover next = new Http2Handover(connection, plan);
    context.pipeline().replace(before, null, next);
    next.channelRead(context.pipeline().context(next), first);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    Worker worker = connection.worker();
    worker.waits(this);
    connection.servedBy(this::shed);
    timer =
        worker
            .loop()
            .schedule(
                () ->
                    refuse(added, ResponseFlag.DT, "request_header_timeout", "no request in time"),
                worker.settings().headerTimeout().toNanos(),
                TimeUnit.NANOSECONDS);
    // SETTINGS: length 0, type 4, no flags, stream 0.
    added.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (over) {
      context.fireChannelRead(in);
      return;
    }
    ByteBuf joined = context.alloc().buffer(received.readableBytes() + in.readableBytes());
    joined.writeBytes(received).writeBytes(in);
    received.release();
    in.release();
    received = joined;
    if (waiting != null) {
      return;
    }
    try {
      ByteBuf block = headerBlock(joined);
      if (block != null) {
        Http2Headers headers = new DefaultHttp2HeadersDecoder(false).decodeHeaders(1, block);
        handOver(context, new Http2View(headers, connection));
      } else if (joined.readableBytes() > MOST) {
        refuse(context, ResponseFlag.DPE, "http2.codec_error", "the first request is too long");
      } else {
        share.changed();
      }
    } catch (Http2Exception e) {
      refuse(context, ResponseFlag.DPE, "http2.codec_error", String.valueOf(e.getMessage()));
    }
  }

  /** The header block of the first request, or null where more bytes are needed. */
  private static @Nullable ByteBuf headerBlock(ByteBuf in) throws Http2Exception {
    ByteBuf block = Unpooled.buffer();
    boolean inside = false;
    int at = in.readerIndex() + PREFACE;
    while (at + FRAME_HEAD <= in.writerIndex()) {
      int length = in.getUnsignedMedium(at);
      int type = in.getByte(at + 3);
      int flags = in.getByte(at + 4);
      int start = at + FRAME_HEAD;
      int end = start + length;
      if (end > in.writerIndex()) {
        return null;
      }
      at = end;
      if (type == HEADERS && !inside) {
        inside = true;
        if ((flags & PADDED) != 0) {
          end -= in.getUnsignedByte(start++);
        }
        if ((flags & PRIORITY) != 0) {
          start += 5;
        }
      } else if (type != CONTINUATION || !inside) {
        continue;
      }
      if (start > end) {
        throw Http2Exception.connectionError(
            io.netty.handler.codec.http2.Http2Error.PROTOCOL_ERROR, "padding beyond the frame");
      }
      block.writeBytes(in, start, end - start);
      if ((flags & END_HEADERS) != 0) {
        return block;
      }
    }
    return null;
  }

  private void handOver(ChannelHandlerContext context, Http2View request) {
    boolean waited = waiting != null;
    RouteTable table = connection.worker().config().routesOf(plan.pipeline);
    waiting =
        OnDemandHosts.await(connection.worker(), table, request, () -> handOver(context, request));
    if (waited != (waiting != null)) {
      context.channel().config().setAutoRead(waited);
    }
    if (over || waiting != null) {
      return;
    }
    VirtualHost host = table == null ? null : table.virtualHost(request);
    Route route = table == null || host == null ? null : table.match(host, request);
    if (host == null || route == null) {
      refuse(context, ResponseFlag.NR, "route_not_found", "no route takes the request");
      return;
    }
    Set<RequestRule> escaped = RequestRule.of(host, connection.tls());
    if (!escaped.isEmpty() || !(route.action() instanceof RouteAction.Forward forward)) {
      String rules = escaped.isEmpty() ? "answers" : RequestRule.text(escaped);
      refuse(
          context,
          ResponseFlag.DPE,
          "http2_escapes_route_rules",
          "HTTP/1.1 is required: the routes of " + host.name() + " hold by request: " + rules);
      return;
    }
    if (!understood(forward.clusters())) {
      refuse(context, ResponseFlag.DPE, "http2_to_http1_cluster", "the service speaks HTTP/1.1");
      return;
    }
    over = true;
    DownstreamHttp.cancel(timer);
    TcpPipeline pipeline =
        new TcpPipeline(
            plan.pipeline.statPrefix(),
            forward.clusters(),
            false,
            plan.pipeline.timeouts().connectionIdle(),
            Duration.ZERO,
            1 + forward.retry().retries(),
            !forward.hash().isEmpty(),
            plan.pipeline.accessLogs());
    context
        .pipeline()
        .addLast(
            new Http2AckFilter(),
            TcpTunnel.of(connection, pipeline, plan.logs, plan::http2Transport));
    ByteBuf all = received;
    received = Unpooled.EMPTY_BUFFER;
    context.fireChannelRead(all);
    context.fireChannelReadComplete();
    context.pipeline().remove(this);
  }

  /** Whether no cluster that may be chosen is one of HTTP/1.1 alone. */
  private boolean understood(ClusterChoice clusters) {
    return switch (clusters) {
      case ClusterChoice.Single single -> understood(single.cluster());
      case ClusterChoice.Weighted weighted ->
          weighted.clusters().stream().allMatch(each -> understood(each.cluster()));
      case ClusterChoice.ByHeader byHeader -> false;
    };
  }

  private boolean understood(String cluster) {
    ClusterState state = connection.worker().cluster(cluster);
    return state == null || state.cluster().http().protocol() != Cluster.Protocol.HTTP1;
  }

  /** Says goodbye (GOAWAY, HTTP_1_1_REQUIRED; RFC 9113, 6.8) with a reason, and closes. */
  private void refuse(ChannelHandlerContext context, ResponseFlag flag, String why, String text) {
    if (over) {
      return;
    }
    over = true;
    TcpTunnel.refused(connection, plan.logs, flag, why);
    byte[] reason = text.getBytes(StandardCharsets.UTF_8);
    ByteBuf goAway = context.alloc().buffer(FRAME_HEAD + GOAWAY_HEAD + reason.length);
    goAway.writeMedium(GOAWAY_HEAD + reason.length).writeByte(GOAWAY).writeByte(0).writeInt(0);
    goAway.writeInt(0).writeInt(HTTP_1_1_REQUIRED).writeBytes(reason);
    context.writeAndFlush(goAway).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext from, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !over) {
      from.close();
    }
    from.fireUserEventTriggered(event);
  }

  @Override
  public long held() {
    return received.readableBytes();
  }

  @Override
  public void shed() {
    if (context != null) {
      refuse(context, ResponseFlag.OM, Exchange.OVERLOAD, Exchange.OVERLOADED);
    }
  }

  @Override
  public DownstreamConnection connection() {
    return connection;
  }

  @Override
  public void yieldPlace() {
    shed();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    connection.worker().waitsNoMore(this);
    share.end();
    DownstreamHttp.cancel(timer);
    if (waiting != null) {
      waiting.cancel();
    }
    received.release();
    received = Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Faults.report(cause);
    context.close();
  }
}
