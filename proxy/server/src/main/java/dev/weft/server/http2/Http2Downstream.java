package dev.weft.server.http2;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.server.http.HttpPlan;
import dev.weft.server.worker.Drainable;
import dev.weft.server.worker.Faults;
import dev.weft.server.worker.HalfClose;
import dev.weft.server.worker.PeerMemory;
import dev.weft.server.worker.Waiting;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an HTTP/2 connection: each stream is a request of its own. Confined to its
 * event loop.
 */
public final class Http2Downstream extends Http2Codec {
  /** Objects of requests that are over, kept for the next ones. */
  private static final int MAX_FREE = 256;

  // How long requests may be on their way when a client is told that no more are taken.
  private static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final DownstreamConnection connection;
  private final Worker worker;
  private final HttpPlan plan;
  private final boolean webSockets;
  private final Place place = new Place();
  private final PeerMemory.Share share;
  private final Http2Connection.PropertyKey requests;
  private final ArrayDeque<Http2Request> free = new ArrayDeque<>();
  private final List<Http2Request> touched = new ArrayList<>();
  private final long idleNanos;
  private @Nullable ScheduledFuture<?> idleTimer;
  private @Nullable ScheduledFuture<?> goodbyeTimer;
  private long idleSince;
  private long held;
  private int lastTick;
  private boolean draining;
  private boolean saidGoodbye;
  private boolean broken;
  private @Nullable Http2Stream wasReset;

  private Http2Downstream(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Worker worker,
      DownstreamConnection connection,
      HttpPlan plan,
      ClientTerms terms,
      Frames frames) {
    super(decoder, encoder, settings, terms.connectionWindow());
    this.connection = connection;
    this.worker = worker;
    this.plan = plan;
    this.webSockets = terms.webSockets();
    this.share = worker.pending().share(place);
    this.requests = connection().newKey();
    this.lastTick = worker.tick();
    this.idleSince = worker.nanos();
    long idle = plan.pipeline().timeouts().connectionIdle().toNanos();
    this.idleNanos = idle > 0 ? idle : worker.settings().idleTimeout().toNanos();
    frames.owner = this;
    connection().addListener(frames);
    encoder.flowController().listener(frames);
  }

  /** A handler for a connection whose chain is an HTTP pipeline. */
  public static Http2Downstream of(Worker worker, DownstreamConnection connection, HttpPlan plan) {
    ClientTerms terms = ClientTerms.of(plan);
    Frames frames = new Frames();
    return new Builder<Http2Downstream>(
            true,
            terms.settings(),
            frames,
            (decoder, encoder, initial) ->
                new Http2Downstream(
                    decoder, encoder, initial, worker, connection, plan, terms, frames))
        .make();
  }

  /** Whether the client was told that it may open WebSockets (RFC 8441, 3). */
  boolean webSockets() {
    return webSockets;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) throws Exception {
    super.handlerAdded(added);
    worker.connections().add(place);
    worker.waits(place);
    connection.servedBy(place::shed);
    idleTimer = worker.schedule(this::checkIdle, idleNanos);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext removed) throws Exception {
    super.handlerRemoved0(removed);
    worker.connections().remove(place);
    worker.waitsNoMore(place);
    Worker.cancel(idleTimer);
    Worker.cancel(goodbyeTimer);
    worker.spareRequests().remove(free.size());
    free.clear();
    share.end();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext c, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      // Whoever sends no more frames cannot take an answer either: windows would stay closed.
      c.close();
    }
    super.userEventTriggered(c, event);
  }

  private void checkIdle() {
    boolean idle = connection().numActiveStreams() == 0;
    long left = idleSince + idleNanos - worker.nanos();
    if (idle && left <= 0) {
      drain();
    } else if (context().channel().isActive()) {
      // Busy now, or used since: look again when it could be due.
      idleTimer = worker.schedule(this::checkIdle, Math.max(idle ? left : idleNanos, 1_000_000));
    }
  }

  @Override
  void received() {
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).passed();
    }
    touched.clear();
    share.changed();
  }

  /** Something of a request was received. */
  void touched(Http2Request request) {
    if (handingOver()) {
      touched.add(request);
    } else {
      request.passed();
    }
  }

  /** Something passed in either direction. */
  void touch() {
    lastTick = worker.tick();
  }

  /** So much more is held for the client than before. */
  void count(long difference) {
    held += difference;
    if (difference != 0 && !handingOver()) {
      share.changed();
    }
  }

  /** A request is over, and its object may serve another one. */
  void free(Http2Request request) {
    if (free.size() < MAX_FREE && !context().isRemoved() && worker.spareRequests().add()) {
      free.addLast(request);
    }
  }

  /** Breaks a stream off, if it is still there. */
  void reset(@Nullable Http2Stream stream, Http2Error error) {
    if (stream != null && stream.state() != Http2Stream.State.CLOSED) {
      ChannelHandlerContext c = context();
      resetStream(c, stream.id(), error.code(), c.newPromise());
      wrote();
      flush();
    }
  }

  /** Tells the client to send further requests elsewhere, and closes after those under way. */
  void drain() {
    if (draining || !context().channel().isActive()) {
      return;
    }
    draining = true;
    if (connection().numActiveStreams() == 0) {
      goodbye();
      return;
    }
    ChannelHandlerContext c = context();
    goAway(c, Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, c.newPromise());
    c.flush();
    goodbyeTimer = worker.schedule(this::goodbye, GOODBYE_NANOS);
  }

  /** Says which requests are the last ones, and closes after them. */
  private void goodbye() {
    ChannelHandlerContext c = context();
    if (!c.channel().isActive()) {
      return;
    }
    int last = connection().remote().lastStreamCreated();
    goAway(c, last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, c.newPromise());
    c.flush();
    if (connection().numActiveStreams() == 0) {
      c.close();
    } else {
      saidGoodbye = true;
    }
  }

  private void begin(Http2Stream stream, Http2Headers headers, boolean last) throws Http2Exception {
    worker.waitsNoMore(place);
    Http2Request next = free.pollLast();
    if (next == null) {
      next = new Http2Request(this, worker, connection, plan);
    } else {
      worker.spareRequests().remove(1);
    }
    stream.setProperty(requests, next);
    next.touch();
    next.begin(stream, headers, last);
  }

  private void closed(Http2Stream stream) {
    Http2Request request = stream.removeProperty(requests);
    if (request != null) {
      boolean cut =
          broken || !context().channel().isActive() || stream.isResetSent() || wasReset == stream;
      request.closed(cut);
    }
    if (!broken && connection().numActiveStreams() == 0 && context().channel().isActive()) {
      idleSince = worker.nanos();
      worker.waits(place);
      if (saidGoodbye) {
        context().close();
      }
    }
  }

  /** Says why the connection ends, and sees to it that the client can read it. */
  @Override
  protected void onConnectionError(
      ChannelHandlerContext c, boolean outbound, Throwable cause, @Nullable Http2Exception known) {
    if (broken) {
      return;
    }
    broken = true;
    Http2Error error = known == null ? Http2Error.INTERNAL_ERROR : known.error();
    ByteBuf why = Unpooled.copiedBuffer(String.valueOf(cause.getMessage()), StandardCharsets.UTF_8);
    int last = connection().remote().lastStreamCreated();
    // Not by the handler's own way, which closes at once.
    encoder().frameWriter().writeGoAway(c, last, error.code(), why, c.newPromise());
    try {
      connection()
          .forEachActiveStream(
              stream -> {
                stream.close();
                return true;
              });
    } catch (Http2Exception e) {
      Faults.report(e);
    }
    // What still comes is thrown away; unread, it would destroy the word on its way.
    HalfClose.lingering(c);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext c, Throwable cause) throws Exception {
    Faults.report(cause);
    super.exceptionCaught(c, cause);
  }

  /** What the connection takes of its loop, and how it is ended from outside. */
  private final class Place implements Drainable, Waiting, PeerMemory.Holder {
    @Override
    public DownstreamConnection connection() {
      return connection;
    }

    @Override
    public long held() {
      return held + PeerMemory.unsent(context().channel());
    }

    @Override
    public void shed() {
      ChannelHandlerContext c = context();
      int last = Http2Downstream.this.connection().remote().lastStreamCreated();
      try {
        Http2Downstream.this
            .connection()
            .forEachActiveStream(
                stream -> {
                  Http2Request request = stream.getProperty(requests);
                  if (request != null) {
                    request.exchange().shed();
                  }
                  return true;
                });
      } catch (Http2Exception e) {
        Faults.report(e);
      }
      goAway(c, last, Http2Error.ENHANCE_YOUR_CALM.code(), Unpooled.EMPTY_BUFFER, c.newPromise());
      c.flush();
      c.close();
    }

    @Override
    public void drain() {
      Http2Downstream.this.drain();
    }

    @Override
    public void closeNow() {
      context().close();
    }

    @Override
    public int quietSince() {
      return lastTick;
    }

    @Override
    public void yieldPlace() {
      if (Http2Downstream.this.connection().numActiveStreams() == 0) {
        goodbye();
      } else {
        shed();
      }
    }
  }

  /** What is read of the connection. */
  private static final class Frames extends Http2EventAdapter
      implements Http2RemoteFlowController.Listener {
    private @Nullable Http2Downstream owner;

    private Http2Downstream owner() {
      return Objects.requireNonNull(owner, "frames come after the codec was made");
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext c,
        int id,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean last)
        throws Http2Exception {
      onHeadersRead(c, id, headers, padding, last);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext c, int id, Http2Headers headers, int padding, boolean last)
        throws Http2Exception {
      Http2Stream stream = owner().connection().stream(id);
      Http2Request known = stream.getProperty(owner().requests);
      if (known == null) {
        owner().begin(stream, headers, last);
      } else {
        known.follow(headers, last);
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext c, int id, ByteBuf data, int padding, boolean last) {
      Http2Stream stream = owner().connection().stream(id);
      Http2Request request = stream.getProperty(owner().requests);
      return request == null ? data.readableBytes() + padding : request.data(data, padding, last);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext c, int id, long error) {
      owner().wasReset = owner().connection().stream(id);
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      owner().closed(stream);
    }

    @Override
    public void writabilityChanged(Http2Stream stream) {
      Http2Request request = stream.getProperty(owner().requests);
      if (request != null && owner().writable(stream)) {
        request.exchange().downstreamWritable();
      }
    }
  }
}
