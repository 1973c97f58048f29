package dev.weft.server.http2;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.ProtocolException;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Unframer;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.ResponseFlag;
import dev.weft.server.http.DownstreamLeg;
import dev.weft.server.http.Exchange;
import dev.weft.server.http.HttpPlan;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one stream. The same object serves one stream after the other. Confined to
 * its connection.
 */
final class Http2Request implements DownstreamLeg {
  /** What a stream takes of memory besides its content: estimated, so that many of them count. */
  private static final int COST = 4096;

  private static final byte[] LENGTH = HttpPlan.ascii("content-length");
  private static final byte[] ACCEPT = HttpPlan.ascii("sec-websocket-accept");

  private final Http2Downstream connection;
  private final Worker worker;
  private final RequestHead head;
  private final HeadText text = new HeadText();
  private final Unframer unframer = new Unframer();
  private final Exchange exchange;
  private @Nullable Http2Stream stream;
  private int id;
  // What came for a WebSocket before the server agreed to one.
  private final List<ByteBuf> early = new ArrayList<>(0);
  private boolean webSocket;
  private boolean tunnel;
  private boolean complete;
  private boolean ended;
  private boolean touched;
  private boolean idle;
  private long received;
  private int withheld;
  private long queued;
  private long counted;

  Http2Request(
      Http2Downstream connection, Worker worker, DownstreamConnection client, HttpPlan plan) {
    this.connection = connection;
    this.worker = worker;
    this.head = new RequestHead(plan.limits());
    this.exchange = new Exchange(worker, this, client, plan, head);
  }

  Exchange exchange() {
    return exchange;
  }

  /** A stream begins with the head of its request. */
  void begin(Http2Stream opened, Http2Headers headers, boolean last) throws Http2Exception {
    stream = opened;
    id = opened.id();
    idle = false;
    complete = last;
    ended = false;
    received = 0;
    withheld = 0;
    queued = 0;
    webSocket = false;
    tunnel = false;
    exchange.firstByte();
    try {
      webSocket = text.read(headers, head, last, connection.webSockets() ? worker.random() : null);
    } catch (ProtocolException e) {
      malformed(e);
      return;
    }
    heldChanged();
    exchange.begin();
  }

  private void malformed(ProtocolException e) throws Http2Exception {
    if (e.violation().status() != 400) {
      // Too much of something: an answer says more than a reset.
      exchange.refuse(e.violation());
      return;
    }
    exchange.refuse(ResponseFlag.DPE, "http2.violation.of.messaging.rule");
    throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, e.violation().text());
  }

  /**
   * A part of the request's content.
   *
   * @return how many bytes are done with
   */
  int data(ByteBuf data, int padding, boolean last) {
    int size = data.readableBytes() + padding;
    complete |= last;
    received += data.readableBytes();
    touch();
    if (webSocket) {
      return bytes(data.retain(), size, last);
    }
    exchange.requestBody(data.retain(), last);
    if (exchange.wantsBody()) {
      return size;
    }
    withheld += size;
    heldChanged();
    return 0;
  }

  /** Bytes of a WebSocket. Takes ownership. */
  private int bytes(ByteBuf data, int size, boolean last) {
    if (!tunnel && !exchange.busy()) {
      data.release();
      return size;
    }
    if (!tunnel) {
      early.add(data);
    } else {
      exchange.fromClient(data);
      if (last) {
        exchange.clientEnds();
      }
      if (exchange.tunnelWritable()) {
        return size;
      }
    }
    withheld += size;
    heldChanged();
    return 0;
  }

  /** What follows the content. */
  void follow(Http2Headers headers, boolean last) throws Http2Exception {
    if (!last) {
      throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, "trailers end no stream");
    }
    complete = true;
    touch();
    try {
      exchange.requestTrailers(HeadText.trailers(headers));
    } catch (ProtocolException e) {
      throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, e.violation().text());
    }
  }

  /**
   * The stream is over.
   *
   * @param broken whether it did not come to its end
   */
  void closed(boolean broken) {
    stream = null;
    if (broken || !ended) {
      exchange.downstreamClosed();
    }
    queued = 0;
    withheld = 0;
    early.forEach(ByteBuf::release);
    early.clear();
    settle();
  }

  /** Whether neither the stream nor the exchange is under way. */
  boolean over() {
    return stream == null && !exchange.busy();
  }

  private void settle() {
    if (over() && !idle) {
      idle = true;
      connection.count(-counted);
      counted = 0;
      text.drop();
      connection.free(this);
    }
  }

  @Override
  public boolean requestComplete() {
    return complete || webSocket;
  }

  @Override
  public long received() {
    return received;
  }

  @Override
  public boolean handingOver() {
    return connection.handingOver();
  }

  @Override
  public void resume() {
    if (withheld > 0 && wantsMore()) {
      int bytes = withheld;
      withheld = 0;
      connection.consume(stream, bytes);
    }
  }

  private boolean wantsMore() {
    return webSocket ? tunnel && exchange.tunnelWritable() : exchange.wantsBody();
  }

  @Override
  public void interim(ResponseHead response, HeadOverlay edits) {
    // 101 and 100 in front of content that is here already say nothing over HTTP/2.
    edits.removeHopByHop(response, false);
    write(response, edits, response.status(), false);
  }

  @Override
  public void head(ResponseHead response, HeadOverlay edits, boolean last) {
    unframer.start(response, response.framingOf(head.isHttp2() && exchange.answersHead()));
    begin(response, edits, last);
  }

  @Override
  public void codedHead(ResponseHead response, HeadOverlay edits) {
    unframer.startBare();
    edits.drop(response, LENGTH);
    begin(response, edits, false);
  }

  private void begin(ResponseHead response, HeadOverlay edits, boolean last) {
    edits.removeHopByHop(response, false);
    int status = response.status();
    if (webSocket) {
      edits.remove(response, ACCEPT);
      // A success would mean that there is a WebSocket (RFC 8441, 5).
      status = status == 101 ? 200 : status / 100 == 2 ? 502 : status;
    }
    write(response, edits, status, last);
  }

  private void write(ResponseHead response, HeadOverlay edits, int status, boolean last) {
    ChannelHandlerContext c = connection.context();
    ended |= last;
    connection
        .encoder()
        .writeHeaders(c, id, connection.fields.of(response, edits, status), 0, last, promise(last));
    connection.wrote();
  }

  @Override
  public void body(ByteBuf part, boolean last) {
    if (tunnel) {
      write(part, false);
      return;
    }
    ByteBuf content = unframer.content(part, connection.context().alloc());
    Trailers trailers = last ? unframer.trailers() : Trailers.NONE;
    write(content, last && trailers.isEmpty());
    if (!trailers.isEmpty()) {
      trailers(trailers);
    }
  }

  private void write(ByteBuf content, boolean last) {
    if (!content.isReadable() && !last) {
      content.release();
      return;
    }
    queued += content.readableBytes();
    ended |= last;
    connection.encoder().writeData(connection.context(), id, content, 0, last, promise(last));
    connection.wrote();
  }

  @Override
  public void trailers(Trailers trailers) {
    ended = true;
    connection
        .encoder()
        .writeHeaders(connection.context(), id, Http2Fields.of(trailers), 0, true, promise(true));
    connection.wrote();
  }

  /** Whoever has its answer while it still sends is told that nobody listens (RFC 9113, 8.1). */
  private ChannelPromise promise(boolean last) {
    ChannelPromise promise = connection.context().newPromise();
    if (last && !complete) {
      Http2Stream answered = stream;
      promise.addListener(sent -> connection.reset(answered, Http2Error.NO_ERROR));
    }
    return promise;
  }

  @Override
  public void flush() {
    connection.flush();
  }

  @Override
  public boolean writable() {
    return connection.writable(stream);
  }

  @Override
  public void finished(boolean keep) {
    if (stream != null && !ended) {
      write(Unpooled.EMPTY_BUFFER, true);
      connection.flush();
    }
    settle();
  }

  @Override
  public void abort() {
    connection.reset(stream, Http2Error.INTERNAL_ERROR);
    settle();
  }

  @Override
  public void drain() {
    // The other streams of the connection have nothing to do with it.
  }

  @Override
  public void becomeTunnel() {
    tunnel = true;
    early.forEach(exchange::fromClient);
    early.clear();
    resume();
    if (complete) {
      exchange.clientEnds();
    }
    exchange.flushUpstream();
  }

  @Override
  public void endOutput() {
    write(Unpooled.EMPTY_BUFFER, true);
    connection.flush();
  }

  @Override
  public void touch() {
    connection.touch();
    if (!touched) {
      touched = true;
      connection.touched(this);
    }
  }

  /** Everything that was received for now was handed over. */
  void passed() {
    touched = false;
    exchange.flushUpstream();
    heldChanged();
  }

  @Override
  public void heldChanged() {
    Http2Stream open = stream;
    if (queued > 0
        && (open == null || !connection.encoder().flowController().hasFlowControlled(open))) {
      queued = 0;
    }
    long now = over() ? 0 : COST + text.size() + queued + withheld + exchange.held();
    connection.count(now - counted);
    counted = now;
  }
}
