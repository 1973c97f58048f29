package dev.weft.server.http2;

import dev.weft.exchange.DownstreamConnection;
import dev.weft.exchange.PeerCertificate;
import dev.weft.exchange.PeerText;
import dev.weft.runtime.Cluster;
import dev.weft.server.http.UpstreamLeg;
import dev.weft.server.worker.ConnectionPool;
import dev.weft.server.worker.Faults;
import dev.weft.server.worker.PeerMemory;
import dev.weft.server.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 connection to an endpoint, with many requests at once. Confined to its event loop. */
final class Http2Upstream extends Http2Codec {
  private static final int MAX_HEAD = 64 * 1024;

  /** Parts of streams that are over, kept for the next ones. */
  private static final int MAX_FREE = 256;

  private final Worker worker;
  private final Http2Pool owner;
  private final ConnectionPool pool;
  private final Http2Connection.PropertyKey calls;
  private final List<Http2Call> touched = new ArrayList<>();
  private final ArrayDeque<Http2Parts> free = new ArrayDeque<>();
  private final PeerText peerMetadata = new PeerText();
  private @Nullable Channel channel;
  private String principal = "";
  private @Nullable String localText;
  private boolean closed;
  private boolean leaving;
  private int taken;
  private int requests;
  private long openedAt;
  private long idleSince;

  private Http2Upstream(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Worker worker,
      Http2Pool owner,
      ConnectionPool pool,
      Frames frames) {
    super(decoder, encoder, settings, CONNECTION_WINDOW);
    this.worker = worker;
    this.owner = owner;
    this.pool = pool;
    this.calls = connection().newKey();
    frames.owner = this;
    connection().addListener(frames);
    encoder.flowController().listener(frames);
  }

  static Http2Upstream of(Worker worker, Http2Pool owner, ConnectionPool pool) {
    Frames frames = new Frames();
    Http2Settings settings =
        new Http2Settings()
            .pushEnabled(false)
            .initialWindowSize(STREAM_WINDOW)
            .maxHeaderListSize(MAX_HEAD);
    return new Builder<Http2Upstream>(
            false,
            settings,
            frames,
            (decoder, encoder, initial) ->
                new Http2Upstream(decoder, encoder, initial, worker, owner, pool, frames))
        .make();
  }

  /** The connection is open; false where it closed in the same moment. */
  boolean opened(Channel open, @Nullable PeerCertificate peer) {
    channel = open;
    openedAt = worker.nanos();
    idleSince = openedAt;
    principal = peer == null ? "" : peer.uri();
    if (closed) {
      pool.endpoint().cluster().disconnected();
    }
    return !closed;
  }

  private Cluster.HttpOptions options() {
    return pool.endpoint().cluster().cluster().http();
  }

  /** Whether another request may be sent. */
  boolean hasRoom() {
    int streams = options().maxConcurrentStreams();
    int max = options().maxRequestsPerConnection();
    return !closed
        && !leaving
        && !expired()
        && !connection().goAwayReceived()
        && (streams == 0 || taken < streams)
        && (max == 0 || requests < max)
        && taken < connection().local().maxActiveStreams()
        && connection().local().canOpenStream();
  }

  private boolean expired() {
    long max = options().maxConnectionDuration().toNanos();
    return max > 0 && worker.nanos() - openedAt >= max;
  }

  /** Room for a request. */
  UpstreamLeg take() {
    taken++;
    requests++;
    Http2Parts parts = free.pollLast();
    if (parts == null) {
      parts = new Http2Parts();
    } else {
      worker.spareAnswers().remove(1);
    }
    return new Http2Call(this, parts);
  }

  /** A request is over, and its parts may serve another one. */
  void giveBack(Http2Parts parts) {
    if (free.size() < MAX_FREE && !closed && worker.spareAnswers().add()) {
      parts.text.drop();
      free.addLast(parts);
    }
    taken--;
    if (taken == 0) {
      idleSince = worker.nanos();
      int max = options().maxRequestsPerConnection();
      if (leaving
          || connection().goAwayReceived()
          || expired()
          || max > 0 && requests >= max
          || pool.endpoint().gone()) {
        close();
      }
    }
  }

  boolean idle() {
    return taken == 0;
  }

  void sweep(long idleBefore) {
    if (taken == 0 && (idleSince - idleBefore < 0 || expired())) {
      close();
    }
  }

  /** Takes no further request. */
  void leave() {
    leaving = true;
    owner.forget(this);
    if (taken == 0) {
      close();
    }
  }

  private void close() {
    owner.forget(this);
    end();
  }

  boolean closed() {
    return closed;
  }

  String principal() {
    return principal;
  }

  PeerText peerMetadata() {
    return peerMetadata;
  }

  String localText() {
    String text = localText;
    if (text == null) {
      text =
          context().channel().localAddress() instanceof InetSocketAddress address
              ? DownstreamConnection.text(address)
              : "";
      localText = text;
    }
    return text;
  }

  long unsent() {
    // Of all requests together: an upper bound for each of them.
    return taken == 0 ? 0 : PeerMemory.unsent(context().channel()) / taken;
  }

  /** A new stream for a request, or null where none can be opened any more. */
  @Nullable Http2Stream stream(Http2Call call, Http2Headers headers, boolean last) {
    if (closed || connection().goAwayReceived() || !connection().local().canOpenStream()) {
      return null;
    }
    ChannelHandlerContext c = context();
    int id = connection().local().incrementAndGetNextStreamId();
    if (id < 0) {
      leaving = true;
      return null;
    }
    encoder().writeHeaders(c, id, headers, 0, last, c.newPromise());
    wrote();
    Http2Stream stream = connection().stream(id);
    if (stream != null) {
      stream.setProperty(calls, call);
    }
    return stream;
  }

  /** Breaks a stream off, if it is still there. */
  void reset(@Nullable Http2Stream stream) {
    if (stream != null) {
      stream.removeProperty(calls);
      if (stream.state() != Http2Stream.State.CLOSED) {
        ChannelHandlerContext c = context();
        resetStream(c, stream.id(), Http2Error.CANCEL.code(), c.newPromise());
        wrote();
        flush();
      }
    }
  }

  void touched(Http2Call call) {
    touched.add(call);
  }

  @Override
  void received() {
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).passed();
    }
    touched.clear();
  }

  @Override
  public void channelInactive(ChannelHandlerContext c) throws Exception {
    closed = true;
    worker.spareAnswers().remove(free.size());
    free.clear();
    owner.forget(this);
    if (channel != null) {
      pool.endpoint().cluster().disconnected();
    }
    super.channelInactive(c);
    received();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext c, Throwable cause) throws Exception {
    Faults.report(cause);
    super.exceptionCaught(c, cause);
  }

  /** What is read of the connection. */
  private static final class Frames extends Http2EventAdapter
      implements Http2RemoteFlowController.Listener {
    private @Nullable Http2Upstream owner;

    private Http2Upstream owner() {
      return Objects.requireNonNull(owner, "frames come after the codec was made");
    }

    private @Nullable Http2Call call(int id) {
      Http2Stream stream = owner().connection().stream(id);
      return stream == null ? null : stream.getProperty(owner().calls);
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
        boolean last) {
      onHeadersRead(c, id, headers, padding, last);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext c, int id, Http2Headers headers, int padding, boolean last) {
      Http2Call call = call(id);
      if (call != null) {
        call.headers(headers, last);
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext c, int id, ByteBuf data, int padding, boolean last) {
      Http2Call call = call(id);
      return call == null ? data.readableBytes() + padding : call.data(data, padding, last);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext c, int id, long error) {
      Http2Call call = call(id);
      if (call != null) {
        call.wasReset(error);
      }
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2Call call = stream.removeProperty(owner().calls);
      if (call != null) {
        int last = owner().connection().local().lastStreamKnownByPeer();
        boolean unseen = owner().connection().goAwayReceived() && stream.id() > last;
        call.closed(unseen);
      }
    }

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
      owner().owner.forget(owner());
      if (owner().taken == 0) {
        owner().close();
      }
    }

    @Override
    public void writabilityChanged(Http2Stream stream) {
      Http2Call call = stream.getProperty(owner().calls);
      if (call != null && owner().writable(stream)) {
        call.writableAgain();
      }
    }
  }
}
