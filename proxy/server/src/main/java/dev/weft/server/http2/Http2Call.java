package dev.weft.server.http2;

import dev.weft.codec.HeadOverlay;
import dev.weft.codec.ProtocolException;
import dev.weft.codec.RequestHead;
import dev.weft.codec.ResponseHead;
import dev.weft.codec.Trailers;
import dev.weft.codec.Violation;
import dev.weft.exchange.PeerText;
import dev.weft.server.http.Caller;
import dev.weft.server.http.UpstreamLeg;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** An endpoint's side of one stream. Confined to its connection. */
final class Http2Call implements UpstreamLeg {
  private static final int MAX_INTERIMS = 16;

  private final Http2Upstream connection;
  // Another stream's once this request is over.
  private final Http2Parts parts;
  private final ResponseHead head;
  private @Nullable Caller caller;
  private @Nullable Http2Stream stream;
  private boolean headDone;
  private boolean sent;
  private boolean ended;
  private boolean paused;
  private boolean touched;
  private boolean refused;
  private int interims;
  private int withheld;
  private long received;

  Http2Call(Http2Upstream connection, Http2Parts parts) {
    this.connection = connection;
    this.parts = parts;
    this.head = parts.head;
  }

  @Override
  public void attach(Caller next) {
    caller = next;
  }

  @Override
  public void head(RequestHead request, HeadOverlay edits, CharSequence scheme, boolean last) {
    parts.unframer.start(request, request.framing());
    sent = last;
    stream = connection.stream(this, connection.fields.of(request, edits, scheme), last);
    if (stream == null) {
      // Not from within: whoever sends is not prepared to hear of it yet.
      connection.context().executor().execute(() -> lost(Caller.Loss.REFUSED));
    }
  }

  @Override
  public void body(ByteBuf part, boolean last) {
    ByteBuf content = parts.unframer.content(part, connection.context().alloc());
    Trailers trailers = last ? parts.unframer.trailers() : Trailers.NONE;
    write(content, last && trailers.isEmpty());
    if (!trailers.isEmpty()) {
      trailers(trailers);
    }
  }

  private void write(ByteBuf content, boolean last) {
    Http2Stream open = stream;
    if (open == null || !content.isReadable() && !last) {
      content.release();
      return;
    }
    sent = last;
    ChannelHandlerContext c = connection.context();
    connection.encoder().writeData(c, open.id(), content, 0, last, c.newPromise());
    connection.wrote();
  }

  @Override
  public void trailers(Trailers trailers) {
    Http2Stream open = stream;
    if (open != null) {
      sent = true;
      ChannelHandlerContext c = connection.context();
      connection
          .encoder()
          .writeHeaders(c, open.id(), Http2Fields.of(trailers), 0, true, c.newPromise());
      connection.wrote();
    }
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
  public boolean closed() {
    return connection.closed() || ended;
  }

  @Override
  public long unsent() {
    return connection.unsent();
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    int bytes = withheld;
    withheld = 0;
    connection.consume(stream, bytes);
  }

  @Override
  public long received() {
    return received;
  }

  @Override
  public boolean stale() {
    return false;
  }

  @Override
  public String principal() {
    return connection.principal();
  }

  @Override
  public String localText() {
    return connection.localText();
  }

  @Override
  public PeerText peerMetadata() {
    return connection.peerMetadata();
  }

  @Override
  public void release(boolean reusable) {
    leave(!sent || !ended);
  }

  @Override
  public void abort() {
    leave(true);
  }

  /** The request is over. */
  private void leave(boolean breakOff) {
    if (caller == null) {
      return;
    }
    caller = null;
    Http2Stream open = stream;
    stream = null;
    if (breakOff) {
      connection.reset(open);
    }
    connection.giveBack(parts);
  }

  @Override
  public void becomeTunnel() {
    throw new IllegalStateException("an upgrade is not asked for over HTTP/2");
  }

  @Override
  public void endOutput() {
    throw new IllegalStateException("an upgrade is not asked for over HTTP/2");
  }

  private void touch() {
    if (!touched) {
      touched = true;
      connection.touched(this);
    }
  }

  /** Everything that was received for now was handed over. */
  void passed() {
    touched = false;
    Caller current = caller;
    if (current != null) {
      current.flushDownstream();
    }
  }

  /** A head of the answer, or what follows its content. */
  void headers(Http2Headers headers, boolean last) {
    Caller current = caller;
    if (current == null) {
      return;
    }
    touch();
    try {
      if (headDone) {
        follow(current, headers, last);
      } else {
        parts.text.read(headers, head, last);
        head(current, last);
      }
    } catch (ProtocolException e) {
      current.badResponse(this, e.violation());
    }
  }

  private void head(Caller current, boolean last) {
    if (head.status() == 101) {
      throw new ProtocolException(Violation.UNASKED_UPGRADE);
    }
    if (head.interim()) {
      if (last || ++interims > MAX_INTERIMS) {
        throw new ProtocolException(Violation.TOO_MANY_INTERIM);
      }
      current.interim(head);
      return;
    }
    headDone = true;
    ended = last;
    if (current.responseHead(this, head, last) && last) {
      current.responseEnd(this, true);
    }
  }

  private void follow(Caller current, Http2Headers headers, boolean last) {
    if (!last) {
      throw new ProtocolException(Violation.BAD_TRAILER);
    }
    ended = true;
    current.responseTrailers(HeadText.trailers(headers));
    current.responseEnd(this, true);
  }

  /**
   * A part of the answer's content.
   *
   * @return how many bytes are done with
   */
  int data(ByteBuf data, int padding, boolean last) {
    int size = data.readableBytes() + padding;
    Caller current = caller;
    if (current == null) {
      return size;
    }
    touch();
    received += data.readableBytes();
    ended = last;
    current.responseBody(data.retain(), last);
    if (last) {
      current.responseEnd(this, true);
      return size;
    }
    if (!paused) {
      return size;
    }
    withheld += size;
    return 0;
  }

  /** The endpoint breaks the stream off; that it is closed comes next. */
  void wasReset(long error) {
    refused = error == Http2Error.REFUSED_STREAM.code();
  }

  /**
   * The stream is over.
   *
   * @param unseen whether the endpoint said that it did not look at it
   */
  void closed(boolean unseen) {
    stream = null;
    if (!ended) {
      touch();
      lost(unseen || refused ? Caller.Loss.REFUSED : Caller.Loss.BROKEN);
    }
  }

  private void lost(Caller.Loss loss) {
    Caller current = caller;
    if (current != null) {
      caller = null;
      connection.giveBack(parts);
      current.upstreamLost(this, loss);
    }
  }

  /** The endpoint takes more again. */
  void writableAgain() {
    Caller current = caller;
    if (current != null) {
      current.upstreamWritable();
    }
  }
}
