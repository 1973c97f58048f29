package dev.weft.server.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import org.jspecify.annotations.Nullable;

/**
 * One side of an HTTP/2 connection: frames, header tables, windows. Writes are collected, and sent
 * when what was received for now is done with. Confined to its event loop.
 */
abstract class Http2Codec extends Http2ConnectionHandler {
  /** Bytes of one stream that a peer may send before they were passed on. */
  static final int STREAM_WINDOW = 256 * 1024;

  /** Bytes of all streams of a connection that a peer may send before they were passed on. */
  static final int CONNECTION_WINDOW = 1024 * 1024;

  private static final int INITIAL_WINDOW = 65_535;
  private static final int MAX_RESETS = 500;
  private static final int RESET_SECONDS = 5;
  private static final int MAX_EMPTY_FRAMES = 10;
  private static final int MAX_CONTROL_FRAMES = 1000;

  final Http2Fields fields = new Http2Fields();
  private final int connectionWindow;
  private @Nullable ChannelHandlerContext context;
  private boolean reading;
  private boolean dirty;
  private boolean flushing;

  Http2Codec(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      int connectionWindow) {
    super(decoder, encoder, settings);
    this.connectionWindow = connectionWindow;
  }

  /** Makes a codec with the bounds on what a hostile peer can make it do. */
  static class Builder<C extends Http2Codec>
      extends AbstractHttp2ConnectionHandlerBuilder<C, Builder<C>> {
    private final Maker<C> maker;

    /** The constructor of a codec. */
    interface Maker<C> {
      C make(
          Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings);
    }

    Builder(boolean server, Http2Settings settings, Http2FrameListener frames, Maker<C> maker) {
      this.maker = maker;
      connection(connection(server));
      initialSettings(settings);
      frameListener(frames);
      validateHeaders(true);
      headerSensitivityDetector(Http2Fields.NEVER_INDEXED);
      decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_SECONDS);
      decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_FRAMES);
      encoderEnforceMaxQueuedControlFrames(MAX_CONTROL_FRAMES);
      gracefulShutdownTimeoutMillis(0);
    }

    /**
     * Streams share a connection evenly. The tree of priorities that there once was is nothing that
     * a peer may rely on (RFC 9113, 5.3), and dear to keep.
     */
    private static Http2Connection connection(boolean server) {
      Http2Connection connection = new DefaultHttp2Connection(server);
      connection
          .remote()
          .flowController(
              new DefaultHttp2RemoteFlowController(
                  connection, new UniformStreamByteDistributor(connection)));
      return connection;
    }

    @Override
    protected C build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return maker.make(decoder, encoder, settings);
    }

    C make() {
      return build();
    }
  }

  final ChannelHandlerContext context() {
    ChannelHandlerContext c = context;
    if (c == null) {
      throw new IllegalStateException("the handler is not in a pipeline");
    }
    return c;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) throws Exception {
    context = added;
    super.handlerAdded(added);
    if (added.channel().isActive()) {
      widen();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext c) throws Exception {
    super.channelActive(c);
    widen();
  }

  /** Windows begin small (RFC 9113, 6.9.2); SETTINGS cannot say that of the connection. */
  private void widen() throws Http2Exception {
    if (connectionWindow > INITIAL_WINDOW) {
      Http2Stream whole = connection().connectionStream();
      decoder().flowController().incrementWindowSize(whole, connectionWindow - INITIAL_WINDOW);
      flush(context());
    }
  }

  /** Whether received frames are being handed over right now. */
  final boolean handingOver() {
    return reading;
  }

  @Override
  public void channelRead(ChannelHandlerContext c, Object message) throws Exception {
    reading = true;
    try {
      super.channelRead(c, message);
    } finally {
      reading = false;
    }
  }

  /** Something was written that is to be sent. */
  final void wrote() {
    dirty = true;
  }

  /** Sends what was written, together with what others write in this turn of the loop. */
  final void flush() {
    if (dirty && !flushing) {
      flushing = true;
      context().executor().execute(this::flushNow);
    }
  }

  private void flushNow() {
    flushing = false;
    if (dirty && !context().isRemoved()) {
      dirty = false;
      flush(context());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext c) throws Exception {
    received();
    dirty = false;
    // It flushes.
    super.channelReadComplete(c);
  }

  /** Everything that was received for now was handed over. */
  abstract void received();

  /** Ends the connection, with a word to the peer. */
  final void end() {
    // The channel's own close comes through this handler.
    context().channel().close();
  }

  /** Lets the peer send as many bytes of a stream again. */
  final void consume(@Nullable Http2Stream stream, int bytes) {
    if (stream == null || bytes == 0) {
      return;
    }
    try {
      if (decoder().flowController().consumeBytes(stream, bytes)) {
        wrote();
        flush();
      }
    } catch (Http2Exception e) {
      onError(context(), false, e);
    }
  }

  /** Whether more can be written to a stream; true where it is over. */
  final boolean writable(@Nullable Http2Stream stream) {
    return stream == null
        || !stream.state().localSideOpen()
        || encoder().flowController().isWritable(stream);
  }
}
