package dev.weft.proxy.http;

import dev.weft.codec.BodyFramer;
import dev.weft.codec.ProtocolException;
import dev.weft.codec.RequestHead;
import dev.weft.codec.Violation;
import dev.weft.proxy.loop.DownstreamConnection;
import dev.weft.proxy.loop.Drainable;
import dev.weft.proxy.loop.Faults;
import dev.weft.proxy.loop.ResponseFlag;
import dev.weft.proxy.loop.Worker;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.HttpPipeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an HTTP/1 connection: reads requests one after the other and hands them to
 * its {@link Exchange}. A pipelined request waits, unread, until the one before is answered.
 * Confined to its event loop.
 */
public final class DownstreamHttp extends ChannelInboundHandlerAdapter implements Drainable {
  // Envoy's delayed_close_timeout.
  private static final String HTTP2 = "PRI * HTTP/2.0";
  private static final int LINGER_MILLIS = 1000;

  private enum State {
    /** Between requests, or inside a head. */
    HEAD,
    /** Inside a request's body. */
    BODY,
    /** The request is complete, the answer is not. */
    WAITING,
    /** Bytes pass as they are. */
    TUNNEL,
    /** The answer is out; whatever still comes is thrown away until the peer closes. */
    DISCARD,
    CLOSED
  }

  private final DownstreamConnection connection;
  private final Worker worker;
  private final HttpPlan plan;
  private final RequestHead head;
  private final BodyFramer framer = new BodyFramer();
  private final Exchange exchange;
  private final PeerText peerMetadata = new PeerText();
  private @Nullable ChannelHandlerContext context;
  private State state = State.HEAD;
  private @Nullable ByteBuf pending;
  private byte @Nullable [] headBytes;
  private int headLength;
  private @Nullable String clientCert;
  private boolean processing;
  private boolean reading = true;
  private boolean draining;
  private boolean first = true;
  private long idleSince = System.nanoTime();
  private @Nullable ScheduledFuture<?> headTimer;
  private @Nullable ScheduledFuture<?> idleTimer;

  private DownstreamHttp(DownstreamConnection connection, HttpPlan plan) {
    this.connection = connection;
    this.worker = connection.worker();
    this.plan = plan;
    this.head = new RequestHead(plan.limits);
    this.exchange = new Exchange(this, connection, plan, head);
  }

  /** A handler for a connection whose chain is an HTTP pipeline. */
  public static DownstreamHttp of(DownstreamConnection connection, HttpPipeline pipeline) {
    FilterChain chain = connection.chain();
    Object key = chain == null ? pipeline : chain;
    HttpPlan plan =
        connection
            .worker()
            .plan(
                key,
                k ->
                    new HttpPlan(connection.worker(), connection.listener().direction(), pipeline));
    return new DownstreamHttp(connection, plan);
  }

  @Override
  public DownstreamConnection connection() {
    return connection;
  }

  ChannelHandlerContext context() {
    ChannelHandlerContext c = context;
    if (c == null) {
      throw new IllegalStateException("the handler is not in a pipeline");
    }
    return c;
  }

  BodyFramer framer() {
    return framer;
  }

  PeerText peerMetadata() {
    return peerMetadata;
  }

  /** What is written of the client's certificate, the same for all requests of the connection. */
  String clientCert(Supplier<String> element) {
    String known = clientCert;
    if (known == null) {
      known = element.get();
      clientCert = known;
    }
    return known;
  }

  boolean requestComplete() {
    return state != State.BODY && state != State.HEAD;
  }

  boolean draining() {
    return draining || worker.draining();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    worker.connections().add(this);
    armIdle();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    release();
  }

  @Override
  public void channelRead(ChannelHandlerContext c, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (state == State.DISCARD || state == State.CLOSED) {
      in.release();
      return;
    }
    ByteBuf before = pending;
    if (before != null) {
      ByteBuf joined = c.alloc().buffer(before.readableBytes() + in.readableBytes());
      joined.writeBytes(before).writeBytes(in);
      before.release();
      in.release();
      in = joined;
    }
    pending = in;
    process();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext c) {
    exchange.flushUpstream();
  }

  /** Goes on with what was received, after something that it waited for happened. */
  void process() {
    if (processing) {
      return;
    }
    processing = true;
    try {
      while (pending != null && step(pending)) {
        // The state changed: look again.
      }
    } catch (ProtocolException e) {
      refuse(e.violation());
    } finally {
      processing = false;
    }
    updateReading();
  }

  boolean processing() {
    return processing;
  }

  /** Whether there may be more to do right now. */
  private boolean step(ByteBuf in) {
    switch (state) {
      case HEAD -> {
        boolean complete = readHead(in);
        dropRead(in);
        if (complete) {
          begin();
        }
        return complete;
      }
      case BODY -> {
        if (!exchange.wantsBody()) {
          return false;
        }
        int size = framer.take(in, in.readerIndex(), in.writerIndex());
        ByteBuf part;
        if (size == in.readableBytes()) {
          part = in;
          pending = null;
        } else {
          part = in.readRetainedSlice(size);
        }
        if (framer.done()) {
          state = State.WAITING;
        }
        exchange.requestBody(part, framer.done());
        return true;
      }
      case WAITING -> {
        return false;
      }
      case TUNNEL -> {
        pending = null;
        exchange.tunnelToUpstream(in);
        return false;
      }
      case DISCARD, CLOSED -> {
        in.release();
        pending = null;
        return false;
      }
    }
    throw new IllegalStateException(state.name());
  }

  private void dropRead(ByteBuf in) {
    if (!in.isReadable()) {
      in.release();
      pending = null;
    }
  }

  private boolean readHead(ByteBuf in) {
    byte[] bytes = headBytes;
    if (bytes == null) {
      bytes = worker.heads().borrow();
      headBytes = bytes;
      headLength = 0;
      head.reset();
      exchange.firstByte();
    }
    while (in.isReadable()) {
      if (headLength == bytes.length) {
        bytes = Arrays.copyOf(bytes, bytes.length * 2);
        headBytes = bytes;
      }
      int size = Math.min(in.readableBytes(), bytes.length - headLength);
      in.readBytes(bytes, headLength, size);
      headLength += size;
      if (head.parse(bytes, headLength)) {
        in.readerIndex(in.readerIndex() - (headLength - head.end()));
        return true;
      }
    }
    if (headTimer == null) {
      headTimer = schedule(this::headTimeout, headTimeoutNanos());
    }
    return false;
  }

  private long headTimeoutNanos() {
    long configured = plan.pipeline.timeouts().requestHeaders().toNanos();
    return configured > 0 ? configured : worker.settings().headerTimeout().toNanos();
  }

  private void begin() {
    first = false;
    cancel(headTimer);
    headTimer = null;
    framer.start(head.framing(), head.contentLength());
    state = framer.done() ? State.WAITING : State.BODY;
    exchange.begin();
  }

  private void headTimeout() {
    if (state == State.HEAD && headBytes != null) {
      exchange.refuse(408, 0, "request_header_timeout", "request header timeout");
    }
  }

  private void refuse(Violation violation) {
    if (http2(violation)) {
      handOver();
    } else if (state == State.HEAD) {
      exchange.refuse(
          violation.status(), ResponseFlag.DPE.bit(), "http1.codec_error", violation.text());
    } else {
      exchange.brokenBody(violation);
    }
  }

  /** Whether the connection begins with the preface of HTTP/2 (RFC 9113, 3.4). */
  private boolean http2(Violation violation) {
    byte[] bytes = headBytes;
    // At the edge a later stream could ask for what the routes keep from the first one.
    boolean edge = plan.pipeline.forwarded().useRemoteAddress();
    return violation == Violation.UNSUPPORTED_VERSION
        && !edge
        && first
        && bytes != null
        && new String(bytes, 0, Math.min(headLength, HTTP2.length()), StandardCharsets.US_ASCII)
            .equals(HTTP2);
  }

  private void handOver() {
    ChannelHandlerContext c = context();
    ByteBuf rest = pending;
    pending = null;
    ByteBuf all = c.alloc().buffer(headLength + (rest == null ? 0 : rest.readableBytes()));
    all.writeBytes(headBytes, 0, headLength);
    if (rest != null) {
      all.writeBytes(rest);
      rest.release();
    }
    exchange.forget();
    state = State.CLOSED;
    Http2Handover next = new Http2Handover(connection, plan);
    c.pipeline().replace(this, null, next);
    ChannelHandlerContext nextContext = c.pipeline().context(next);
    next.channelRead(nextContext, all);
  }

  /** The exchange is over and its response is written, though perhaps not flushed. */
  void finished(boolean keepAlive) {
    ByteBuf rest = pending;
    boolean complete = requestComplete();
    dropHead();
    if (state == State.CLOSED) {
      return;
    }
    if (!keepAlive || !complete || draining()) {
      if (rest != null) {
        rest.release();
        pending = null;
      }
      closeAfterFlush(complete && rest == null);
      return;
    }
    state = State.HEAD;
    idleSince = System.nanoTime();
    if (pending != null && !processing) {
      process();
      exchange.flushUpstream();
    } else {
      updateReading();
    }
  }

  /** Closes; at once where nothing is left to be read. */
  private void closeAfterFlush(boolean nothingLeft) {
    state = State.DISCARD;
    ChannelHandlerContext c = context();
    if (nothingLeft) {
      c.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    // Closing with unread bytes would reset the connection and destroy the answer on its way.
    reading = true;
    c.channel().config().setAutoRead(true);
    c.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            f -> {
              if (c.channel() instanceof SocketChannel socket && socket.isActive()) {
                socket.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
                socket.shutdownOutput();
              }
            });
    ScheduledFuture<?> unused =
        schedule(() -> c.close(), TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS));
  }

  /** Breaks the connection off: the answer cannot be completed. */
  void reset() {
    state = State.CLOSED;
    context().close();
  }

  void becomeTunnel() {
    state = State.TUNNEL;
    context().channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    updateReading();
  }

  /** Stops or resumes reading, as what is downstream of us in the data flow allows. */
  void updateReading() {
    if (state == State.CLOSED) {
      return;
    }
    boolean wanted =
        switch (state) {
          case HEAD -> true;
          case BODY -> pending == null && exchange.wantsBody();
          case WAITING -> pending == null;
          case TUNNEL -> exchange.tunnelWritable();
          case DISCARD, CLOSED -> true;
        };
    if (wanted != reading) {
      reading = wanted;
      context().channel().config().setAutoRead(wanted);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext c) {
    if (c.channel().isWritable()) {
      exchange.downstreamWritable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext c, Object event) {
    if (event instanceof ChannelInputShutdownEvent && state == State.TUNNEL) {
      exchange.downstreamHalfClosed();
    }
    c.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext c) {
    release();
  }

  private void release() {
    boolean first = worker.connections().remove(this);
    state = State.CLOSED;
    cancel(headTimer);
    cancel(idleTimer);
    ByteBuf rest = pending;
    if (rest != null) {
      pending = null;
      rest.release();
    }
    if (first) {
      exchange.downstreamClosed();
    }
    dropHead();
  }

  private void dropHead() {
    byte[] bytes = headBytes;
    if (bytes != null) {
      headBytes = null;
      headLength = 0;
      worker.heads().giveBack(bytes);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext c, Throwable cause) {
    Faults.report(cause);
    c.close();
  }

  private void armIdle() {
    long configured = plan.pipeline.timeouts().connectionIdle().toNanos();
    long nanos = configured > 0 ? configured : worker.settings().idleTimeout().toNanos();
    idleTimer = schedule(() -> checkIdle(nanos), nanos);
  }

  private void checkIdle(long nanos) {
    long left = idleSince + nanos - System.nanoTime();
    if (state == State.HEAD && headBytes == null && left <= 0) {
      context().close();
    } else if (state != State.CLOSED) {
      // Busy now, or used since: look again when it could be due.
      long again = state == State.HEAD && headBytes == null ? left : nanos;
      idleTimer = schedule(() -> checkIdle(nanos), Math.max(again, 1_000_000));
    }
  }

  ScheduledFuture<?> schedule(Runnable task, long nanos) {
    return worker.loop().schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  static void cancel(@Nullable ScheduledFuture<?> timer) {
    if (timer != null) {
      boolean unused = timer.cancel(false);
    }
  }

  @Override
  public void drain() {
    draining = true;
    if (state == State.HEAD && headBytes == null) {
      context().close();
    }
  }

  @Override
  public void closeNow() {
    context().close();
  }
}
