package dev.weft.server.http1;

import dev.weft.codec.BodyFramer;
import dev.weft.codec.HeadLimits;
import dev.weft.codec.HeadOverlay;
import dev.weft.codec.ProtocolException;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Violation;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.PeerCertificate;
import dev.weft.exchange.PeerText;
import dev.weft.server.http.Caller;
import dev.weft.server.http.UpstreamLeg;
import dev.weft.server.worker.ConnectionPool;
import dev.weft.server.worker.Faults;
import dev.weft.server.worker.HalfClose;
import dev.weft.server.worker.PeerMemory;
import dev.weft.server.worker.Pooled;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint: carries one request at a time, waits in its pool in between.
 * Confined to its event loop.
 */
final class Http1Upstream extends ChannelInboundHandlerAdapter implements UpstreamLeg, Pooled {
  /** Before one final response: more of them are no hints any more. */
  private static final int MAX_INTERIMS = 16;

  private final Worker worker;
  private final ConnectionPool pool;
  private final ResponseHead head = new ResponseHead(HeadLimits.DEFAULT);
  private final BodyFramer framer = new BodyFramer();
  private @Nullable Channel channel;
  private final BodyWriter body = new BodyWriter();
  private @Nullable Caller caller;
  private final HeadReader headReader;
  private boolean headDone;
  private boolean tunnel;
  private boolean idle;
  private boolean closed;
  private long idleSince;
  private long openedAt;
  private int requests;
  private int interims;
  private String principal = "";
  private @Nullable String localText;
  private final PeerText peerMetadata = new PeerText();

  Http1Upstream(Worker worker, ConnectionPool pool) {
    this.worker = worker;
    this.pool = pool;
    this.headReader = new HeadReader(worker.heads(), head, this::shed);
  }

  /** The connection is open; false where it closed in the same moment. */
  boolean opened(Channel open, @Nullable PeerCertificate peer) {
    channel = open;
    openedAt = worker.nanos();
    if (closed) {
      pool.endpoint().cluster().disconnected();
      return false;
    }
    principal = peer == null ? "" : peer.uri();
    return true;
  }

  @Override
  public String principal() {
    return principal;
  }

  private Channel channel() {
    Channel open = channel;
    if (open == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    return open;
  }

  @Override
  public boolean closed() {
    return closed;
  }

  @Override
  public boolean stale() {
    return requests > 1 && headReader.length() == 0 && !headDone;
  }

  @Override
  public long received() {
    return framer.payload();
  }

  @Override
  public void head(RequestHead request, HeadOverlay edits, CharSequence scheme, boolean last) {
    body.start(request, request.framing(), true);
    body.announce(edits, false);
    ByteBuf out = channel().alloc().directBuffer(edits.bound(request));
    edits.writeTo(request, out);
    channel().write(out, channel().voidPromise());
  }

  @Override
  public void body(ByteBuf part, boolean last) {
    channel().write(body.framed(part, last, channel().alloc()), channel().voidPromise());
  }

  @Override
  public void trailers(Trailers trailers) {
    channel().write(body.end(trailers, channel().alloc()), channel().voidPromise());
  }

  @Override
  public void flush() {
    channel().flush();
  }

  @Override
  public boolean writable() {
    return channel().isWritable();
  }

  @Override
  public long unsent() {
    return PeerMemory.unsent(channel());
  }

  @Override
  public void pause() {
    channel().config().setAutoRead(false);
  }

  @Override
  public void resume() {
    channel().config().setAutoRead(true);
  }

  @Override
  public void endOutput() {
    HalfClose.output(channel());
  }

  @Override
  public PeerText peerMetadata() {
    return peerMetadata;
  }

  @Override
  public String localText() {
    String text = localText;
    if (text == null) {
      text =
          channel().localAddress() instanceof InetSocketAddress address
              ? DownstreamConnection.text(address)
              : "";
      localText = text;
    }
    return text;
  }

  private void shed() {
    Caller current = caller;
    if (current != null) {
      current.shed();
    }
  }

  @Override
  public void attach(Caller next) {
    caller = next;
    requests++;
    interims = 0;
    idle = false;
  }

  @Override
  public void release(boolean reusable) {
    boolean persistent = head.persistent() && !framer.untilClose();
    caller = null;
    dropHead();
    int max = pool.endpoint().cluster().cluster().http().maxRequestsPerConnection();
    if (!reusable || !persistent || !usable() || max > 0 && requests >= max) {
      channel().close();
      return;
    }
    // A paused or flooded connection must not go back paused.
    channel().config().setAutoRead(true);
    idle = true;
    idleSince = worker.nanos();
    pool.put(this);
  }

  /** Gives the connection to the pool before its first request. */
  void park() {
    idle = true;
    idleSince = worker.nanos();
    pool.put(this);
  }

  @Override
  public void abort() {
    caller = null;
    dropHead();
    HalfClose.reset(channel());
  }

  @Override
  public void becomeTunnel() {
    tunnel = true;
    channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  @Override
  public void closeIdle() {
    idle = false;
    channel().close();
  }

  @Override
  public long idleSince() {
    return idleSince;
  }

  @Override
  public boolean usable() {
    return !closed && channel().isActive() && !expired();
  }

  /** Envoy drains such a connection; here it gets no further request. */
  private boolean expired() {
    long max = pool.endpoint().cluster().cluster().http().maxConnectionDuration().toNanos();
    return max > 0 && worker.nanos() - openedAt >= max;
  }

  private void dropHead() {
    headReader.drop();
    headDone = false;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    Caller current = caller;
    if (current == null) {
      // Bytes that nobody asked for: whatever follows would answer the wrong request.
      in.release();
      context.close();
      return;
    }
    try {
      read(current, in);
    } catch (ProtocolException e) {
      in.release();
      Caller broken = caller;
      if (broken != null) {
        broken.badResponse(this, e.violation());
      }
    }
  }

  /** Takes ownership of the buffer unless it throws. */
  private void read(Caller current, ByteBuf in) {
    if (tunnel) {
      current.tunnelled(in);
      return;
    }
    while (in.isReadable()) {
      if (!headDone) {
        if (!readHead(in)) {
          break;
        }
        Violation violation = violation(current);
        if (violation != null) {
          in.release();
          current.badResponse(this, violation);
          return;
        }
        if (head.interim()) {
          current.interim(head);
          dropHead();
          continue;
        }
        headDone = true;
        framer.start(head.framingOf(current.answersHead()), head.contentLength());
        if (!current.responseHead(this, head, framer.done() && head.status() != 101)) {
          in.release();
          return;
        }
        if (head.status() == 101) {
          current.upgraded(this);
          if (in.isReadable()) {
            current.tunnelled(in);
          } else {
            in.release();
          }
          return;
        }
      } else {
        int size = framer.take(in, in.readerIndex(), in.writerIndex());
        boolean complete = framer.done();
        if (size == in.readableBytes()) {
          current.responseBody(in, complete);
          if (complete) {
            current.responseEnd(this, true);
          }
          return;
        }
        current.responseBody(in.readRetainedSlice(size), complete);
      }
      if (framer.done()) {
        boolean clean = !in.isReadable();
        in.release();
        current.responseEnd(this, clean);
        return;
      }
    }
    in.release();
  }

  private @Nullable Violation violation(Caller current) {
    if (head.interim() && ++interims > MAX_INTERIMS) {
      return Violation.TOO_MANY_INTERIM;
    }
    return head.status() == 101 && !current.upgrades() ? Violation.UNASKED_UPGRADE : null;
  }

  private boolean readHead(ByteBuf in) {
    if (!headReader.begun()) {
      headReader.begin();
    }
    return headReader.read(in);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    Caller current = caller;
    if (current != null) {
      current.flushDownstream();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Caller current = caller;
    if (current != null && context.channel().isWritable()) {
      current.upstreamWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    Caller current = caller;
    if (event instanceof ChannelInputShutdownEvent && current != null) {
      current.serverEnds();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closed = true;
    if (channel != null) {
      pool.endpoint().cluster().disconnected();
    }
    if (idle) {
      pool.forget(this);
    }
    Caller current = caller;
    if (current != null) {
      boolean complete = headDone && framer.untilClose();
      caller = null;
      if (complete) {
        current.responseEnd(this, false);
      } else {
        current.upstreamLost(this, Caller.Loss.BROKEN);
      }
    }
    dropHead();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Faults.report(cause);
    context.close();
  }
}
