package dev.weft.proxy.http;

import dev.weft.codec.BodyFramer;
import dev.weft.codec.HeadLimits;
import dev.weft.codec.ProtocolException;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Violation;
import dev.weft.proxy.loop.ConnectionPool;
import dev.weft.proxy.loop.DownstreamConnection;
import dev.weft.proxy.loop.Faults;
import dev.weft.proxy.loop.HalfClose;
import dev.weft.proxy.loop.Pooled;
import dev.weft.proxy.loop.Worker;
import dev.weft.proxy.tls.PeerCertificate;
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
final class UpstreamHttp extends ChannelInboundHandlerAdapter implements Pooled {
  /** Before one final response: more of them are no hints any more. */
  private static final int MOST_INTERIMS = 16;

  private final ConnectionPool pool;
  private final ResponseHead head = new ResponseHead(HeadLimits.DEFAULT);
  private final BodyFramer framer = new BodyFramer();
  private @Nullable Channel channel;
  private @Nullable Exchange exchange;
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

  UpstreamHttp(Worker worker, ConnectionPool pool) {
    this.pool = pool;
    this.headReader = new HeadReader(worker.heads(), head, this::shed);
  }

  /** The connection is open; false where it closed in the same moment. */
  boolean opened(Channel open, @Nullable PeerCertificate peer) {
    channel = open;
    openedAt = System.nanoTime();
    if (closed) {
      pool.endpoint().cluster().disconnected();
      return false;
    }
    principal = peer == null ? "" : peer.uri();
    return true;
  }

  /** The verified name of the peer; empty without TLS. */
  String principal() {
    return principal;
  }

  Channel channel() {
    Channel open = channel;
    if (open == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    return open;
  }

  boolean closed() {
    return closed;
  }

  /** How many requests were sent, the one under way included. */
  int requests() {
    return requests;
  }

  BodyFramer framer() {
    return framer;
  }

  ResponseHead head() {
    return head;
  }

  PeerText peerMetadata() {
    return peerMetadata;
  }

  String localText() {
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
    Exchange current = exchange;
    if (current != null) {
      current.shed();
    }
  }

  /** Begins to serve a request. */
  void attach(Exchange next) {
    exchange = next;
    requests++;
    interims = 0;
    idle = false;
  }

  /** Whether bytes of a response were seen. */
  boolean answering() {
    return headReader.length() > 0 || headDone;
  }

  /** Ends the request; the connection is used again or closed. */
  void release(boolean reusable) {
    exchange = null;
    dropHead();
    int most = pool.endpoint().cluster().cluster().http().maxRequestsPerConnection();
    if (!reusable || !usable() || most > 0 && requests >= most) {
      channel().close();
      return;
    }
    // A paused or flooded connection must not go back paused.
    channel().config().setAutoRead(true);
    idle = true;
    idleSince = System.nanoTime();
    pool.put(this);
  }

  /** Gives the connection to the pool before its first request. */
  void park() {
    idle = true;
    idleSince = System.nanoTime();
    pool.put(this);
  }

  /** Breaks the request off. */
  void abort() {
    exchange = null;
    dropHead();
    HalfClose.reset(channel());
  }

  /** From now on bytes pass as they are (after 101). */
  void becomeTunnel() {
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
    long most = pool.endpoint().cluster().cluster().http().maxConnectionDuration().toNanos();
    return most > 0 && System.nanoTime() - openedAt >= most;
  }

  private void dropHead() {
    headReader.drop();
    headDone = false;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    Exchange current = exchange;
    if (current == null) {
      // Bytes that nobody asked for: whatever follows would answer the wrong request.
      in.release();
      context.close();
      return;
    }
    try {
      read(context, current, in);
    } catch (ProtocolException e) {
      in.release();
      Exchange broken = exchange;
      if (broken != null) {
        broken.badResponse(this, e.violation());
      }
    }
  }

  /** Takes ownership of the buffer unless it throws. */
  private void read(ChannelHandlerContext context, Exchange current, ByteBuf in) {
    if (tunnel) {
      current.tunnel.toDownstream(in);
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
          current.answer.interim(head);
          dropHead();
          continue;
        }
        headDone = true;
        framer.start(head.framingOf(current.answersHead()), head.contentLength());
        if (!current.responseHead(this, head)) {
          in.release();
          return;
        }
        if (head.status() == 101) {
          current.upgraded(this);
          if (in.isReadable()) {
            current.tunnel.toDownstream(in);
          } else {
            in.release();
          }
          return;
        }
      } else if (current.answer.unchunks()) {
        ByteBuf content = context.alloc().buffer(in.readableBytes());
        try {
          in.skipBytes(framer.take(in, in.readerIndex(), in.writerIndex(), content));
        } catch (ProtocolException e) {
          content.release();
          throw e;
        }
        current.responseBody(content);
      } else {
        int size = framer.take(in, in.readerIndex(), in.writerIndex());
        if (size == in.readableBytes()) {
          boolean complete = framer.done();
          current.responseBody(in);
          if (complete) {
            current.responseEnd(this, true);
          }
          return;
        }
        current.responseBody(in.readRetainedSlice(size));
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

  private @Nullable Violation violation(Exchange current) {
    if (head.interim() && ++interims > MOST_INTERIMS) {
      return Violation.TOO_MANY_INTERIM;
    }
    return head.status() == 101 && !current.tunnel.wanted() ? Violation.UNASKED_UPGRADE : null;
  }

  private boolean readHead(ByteBuf in) {
    if (!headReader.begun()) {
      headReader.begin();
    }
    return headReader.read(in);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    Exchange current = exchange;
    if (current != null) {
      current.flushDownstream();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Exchange current = exchange;
    if (current != null && context.channel().isWritable()) {
      current.upstreamWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent && exchange != null) {
      exchange.tunnel.serverEnds();
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
    Exchange current = exchange;
    if (current != null) {
      boolean complete = headDone && framer.untilClose();
      exchange = null;
      current.upstreamClosed(this, complete);
    }
    dropHead();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Faults.report(cause);
    context.close();
  }
}
