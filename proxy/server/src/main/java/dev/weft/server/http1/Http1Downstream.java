package dev.weft.server.http1;

import dev.weft.codec.BodyFramer;
import dev.weft.codec.HeadOverlay;
import dev.weft.codec.ProtocolException;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Violation;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.Step;
import dev.weft.runtime.HttpPipeline;
import dev.weft.server.http.DownstreamLeg;
import dev.weft.server.http.Exchange;
import dev.weft.server.http.HttpPlan;
import dev.weft.server.worker.Faults;
import dev.weft.server.worker.HalfClose;
import dev.weft.server.worker.Unread;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an HTTP/1 connection: reads requests one after the other and hands them to
 * its {@link Exchange}. A pipelined request waits, unread, until the one before is answered.
 * Confined to its event loop.
 */
public final class Http1Downstream extends ChannelInboundHandlerAdapter implements DownstreamLeg {
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
  private final Successor successor;
  private final RequestHead head;
  private final HeadReader headReader;
  private final BodyFramer framer = new BodyFramer();
  private final AnswerBytes answer;
  private final ConnectionLimits limits;
  private final Exchange exchange;
  private final ClientPlace place;
  private @Nullable ChannelHandlerContext context;
  private State state = State.HEAD;
  private final Unread unread = new Unread();
  private boolean processing;
  private boolean reading = true;
  private boolean draining;
  private boolean first = true;
  private boolean ended;

  /** Makes the handler of a connection that turns out to speak HTTP/2. */
  public interface Successor {
    ChannelHandler handler(Worker worker, DownstreamConnection connection, HttpPlan plan);
  }

  private Http1Downstream(
      Worker worker, DownstreamConnection connection, HttpPlan plan, Successor successor) {
    this.connection = connection;
    this.worker = worker;
    this.plan = plan;
    this.successor = successor;
    this.head = new RequestHead(plan.limits());
    this.answer = new AnswerBytes(head);
    this.limits = new ConnectionLimits(this, worker, plan);
    this.exchange = new Exchange(worker, this, connection, plan, head);
    this.place = new ClientPlace(this, connection, exchange, worker);
    this.headReader = new HeadReader(worker.heads(), head, place::shed);
  }

  /** A handler for a connection whose chain is an HTTP pipeline. */
  public static Http1Downstream of(
      Worker worker, DownstreamConnection connection, HttpPlan plan, Successor successor) {
    return new Http1Downstream(worker, connection, plan, successor);
  }

  ChannelHandlerContext context() {
    ChannelHandlerContext c = context;
    if (c == null) {
      throw new IllegalStateException("the handler is not in a pipeline");
    }
    return c;
  }

  @Override
  public long received() {
    return framer.payload();
  }

  @Override
  public boolean requestComplete() {
    return state != State.BODY && state != State.HEAD;
  }

  /** Whether no request is under way, not even a part of a head. */
  boolean betweenRequests() {
    return state == State.HEAD && !headReader.begun();
  }

  /** Whether a head has begun and is not complete. */
  boolean insideHead() {
    return state == State.HEAD && headReader.begun();
  }

  /** Whether whatever is still to be sent is of answers that are complete. */
  boolean answered() {
    return state == State.HEAD || state == State.DISCARD;
  }

  boolean closed() {
    return state == State.CLOSED;
  }

  private boolean draining() {
    return draining || worker.draining() || ended && unread.isEmpty();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    place.enter();
    limits.start();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    release();
  }

  @Override
  public void channelRead(ChannelHandlerContext c, Object message) {
    place.touch();
    ByteBuf in = (ByteBuf) message;
    if (state == State.DISCARD || state == State.CLOSED) {
      in.release();
      return;
    }
    unread.add(in, c.alloc());
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
      ByteBuf in = unread.look();
      while (in != null && step(in)) {
        // The state changed: look again.
        in = unread.look();
      }
    } catch (ProtocolException e) {
      refuse(e.violation());
    } finally {
      processing = false;
    }
    updateReading();
    place.changed();
    endIfNothingComes();
  }

  /** A client that has left altogether looks the same until something is sent to it. */
  void endIfUnanswered() {
    if (state == State.WAITING && !exchange.answering()) {
      context().close();
    }
  }

  /** Whoever has ended its side cannot complete what it has begun, nor begin anything new. */
  private void endIfNothingComes() {
    if (ended && unread.isEmpty() && (state == State.HEAD || state == State.BODY)) {
      context().close();
    }
  }

  @Override
  public boolean handingOver() {
    return processing;
  }

  @Override
  public void resume() {
    process();
  }

  /** Whether there may be more to do right now. */
  private boolean step(ByteBuf in) {
    switch (state) {
      case HEAD -> {
        if (!context().channel().isWritable()) {
          // A client that does not read its responses gets no more of them.
          return false;
        }
        boolean complete = readHead(in);
        unread.dropRead();
        if (complete) {
          begin();
        }
        return complete;
      }
      case BODY -> {
        if (!exchange.wantsBody()) {
          return false;
        }
        ByteBuf part = unread.take(in, framer);
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
        exchange.fromClient(Objects.requireNonNull(unread.take()));
        return false;
      }
      case DISCARD, CLOSED -> {
        unread.drop();
        return false;
      }
    }
    throw new IllegalStateException(state.name());
  }

  private boolean readHead(ByteBuf in) {
    if (!headReader.begun()) {
      headReader.begin();
      exchange.firstByte();
    }
    boolean complete = headReader.read(in);
    if (!complete) {
      limits.headBegun();
    }
    return complete;
  }

  private void begin() {
    first = false;
    place.waitsNoMore();
    limits.headComplete();
    framer.start(head.framing(), head.contentLength());
    state = framer.done() ? State.WAITING : State.BODY;
    exchange.begin();
  }

  /** The head did not come in time. */
  void headTimeout() {
    if (state == State.HEAD && headReader.begun()) {
      exchange.refuse(Step.Reply.of(408, "request_header_timeout", "request header timeout"));
    }
  }

  private void refuse(Violation violation) {
    if (first && isHttp2(violation)) {
      handOver();
    } else if (state == State.HEAD) {
      exchange.refuse(violation);
    } else {
      exchange.brokenBody(violation);
    }
  }

  /** Whether what is wrong with the first head is that it is HTTP/2. */
  private boolean isHttp2(Violation violation) {
    return violation == Violation.UNSUPPORTED_VERSION
        && plan.pipeline().codec() != HttpPipeline.Codec.HTTP1
        && headReader.isPreface();
  }

  private void handOver() {
    ChannelHandlerContext c = context();
    ByteBuf all = headReader.joinedWith(unread.take(), c.alloc());
    exchange.forget();
    state = State.CLOSED;
    c.pipeline().addAfter(c.name(), null, successor.handler(worker, connection, plan));
    c.fireChannelRead(all);
    c.fireChannelReadComplete();
    c.pipeline().remove(this);
  }

  @Override
  public void interim(ResponseHead interim, HeadOverlay edits) {
    context().write(answer.interim(interim, edits, context().alloc()), context().voidPromise());
  }

  @Override
  public void head(ResponseHead response, HeadOverlay edits, boolean last) {
    begin(response, edits, false);
  }

  @Override
  public void codedHead(ResponseHead response, HeadOverlay edits) {
    begin(response, edits, true);
  }

  private void begin(ResponseHead response, HeadOverlay edits, boolean bare) {
    boolean known = exchange.headKnown();
    // An early success may stream beside the request's body; an early refusal ends it.
    boolean reusable = known && (requestComplete() || response.status() < 400) && !draining();
    boolean toHead = known && exchange.answersHead();
    ByteBuf out = answer.head(response, edits, toHead, bare, reusable, context().alloc());
    context().write(out, context().voidPromise());
  }

  @Override
  public void body(ByteBuf part, boolean last) {
    context().write(answer.body(part, last, context().alloc()), context().voidPromise());
  }

  @Override
  public void trailers(Trailers trailers) {
    context().write(answer.end(trailers, context().alloc()), context().voidPromise());
  }

  @Override
  public void flush() {
    context().flush();
  }

  @Override
  public boolean writable() {
    Channel channel = context().channel();
    // A closed channel is never writable; nobody must wait for it.
    return channel.isWritable() || !channel.isActive();
  }

  @Override
  public void finished(boolean keep) {
    boolean complete = requestComplete();
    headReader.drop();
    if (state == State.CLOSED) {
      return;
    }
    limits.answered();
    if (!keep || !answer.keepAlive() || !complete || draining()) {
      boolean nothingLeft = complete && unread.isEmpty();
      unread.drop();
      closeAfterFlush(nothingLeft);
      return;
    }
    state = State.HEAD;
    place.waits();
    limits.idle();
    if (!unread.isEmpty() && !processing) {
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
    reading = true;
    HalfClose.lingering(c);
  }

  @Override
  public void abort() {
    state = State.CLOSED;
    context().close();
  }

  @Override
  public void endOutput() {
    HalfClose.output(context().channel());
  }

  @Override
  public void becomeTunnel() {
    state = State.TUNNEL;
    updateReading();
    if (ended) {
      exchange.clientEnds();
    }
  }

  /** Stops or resumes reading, as what is downstream of us in the data flow allows. */
  void updateReading() {
    if (state == State.CLOSED) {
      return;
    }
    boolean wanted =
        switch (state) {
          case HEAD, WAITING -> unread.isEmpty();
          case BODY -> unread.isEmpty() && exchange.wantsBody();
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
      if (state == State.HEAD && !unread.isEmpty()) {
        process();
        exchange.flushUpstream();
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext c, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      ended = true;
      if (state == State.TUNNEL) {
        exchange.clientEnds();
      } else if (state == State.WAITING) {
        limits.inputEnded();
      }
      endIfNothingComes();
    }
    c.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext c) {
    release();
  }

  private void release() {
    boolean open = place.leave();
    state = State.CLOSED;
    limits.cancel();
    unread.drop();
    if (open) {
      exchange.downstreamClosed();
    }
    headReader.drop();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext c, Throwable cause) {
    Faults.report(cause);
    c.close();
  }

  @Override
  public void touch() {
    place.touch();
  }

  @Override
  public void heldChanged() {
    place.changed();
  }

  /** Bytes that were received and not looked at. */
  long unread() {
    return unread.size();
  }

  @Override
  public void drain() {
    draining = true;
    if (betweenRequests()) {
      context().close();
    }
  }
}
