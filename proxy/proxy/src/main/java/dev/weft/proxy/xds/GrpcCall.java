package dev.weft.proxy.xds;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC call on a connection of its own: all that a proxy needs towards its control plane.
 * Confined to one event loop, except that {@link #start} may be called anywhere.
 */
public final class GrpcCall {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int WINDOW = 1 << 20;
  private static final int MAX_MESSAGE = 256 << 20;

  private final EventLoop loop;
  private final GrpcTarget target;
  private final @Nullable SslContext tls;
  private final String path;
  private final Map<String, String> metadata;
  private final Handler handler;
  private final List<byte[]> unsent = new ArrayList<>();
  private @Nullable Channel connection;
  private @Nullable Channel stream;
  private boolean halfClosed;
  private boolean over;

  /** Hears of a call, on its loop. */
  public interface Handler {
    /** The call was sent; messages may be written (they could be before, too). */
    void opened();

    /** A message came. */
    void message(byte[] message);

    /** The call is over; called exactly once. */
    void closed(GrpcStatus status);
  }

  /**
   * A call that has not begun.
   *
   * @param tls for targets with TLS, with ALPN {@code h2}
   * @param path {@code /package.Service/Method}
   * @param metadata lower-case names; values are never logged
   */
  public GrpcCall(
      EventLoop loop,
      GrpcTarget target,
      @Nullable SslContext tls,
      String path,
      Map<String, String> metadata,
      Handler handler) {
    this.loop = loop;
    this.target = target;
    this.tls = tls;
    this.path = path;
    this.metadata = Map.copyOf(metadata);
    this.handler = handler;
  }

  /** Resolves the name (off the loop, because that blocks), connects, and begins. */
  public void start() {
    Thread.ofVirtual()
        .name("resolve")
        .start(
            () -> {
              try {
                InetAddress address = InetAddress.getByName(target.address().host());
                loop.execute(() -> connect(address));
              } catch (UnknownHostException e) {
                loop.execute(
                    () ->
                        end(
                            GrpcStatus.unavailable(
                                "host " + target.address().host() + " is unknown")));
              }
            });
  }

  private void connect(InetAddress address) {
    if (over) {
      return;
    }
    new Bootstrap()
        .group(loop)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .option(ChannelOption.SO_KEEPALIVE, true)
        // A dead peer is noticed in half a minute, without pings that servers may not like.
        .option(EpollChannelOption.TCP_KEEPIDLE, 15)
        .option(EpollChannelOption.TCP_KEEPINTVL, 5)
        .option(EpollChannelOption.TCP_KEEPCNT, 3)
        .option(EpollChannelOption.TCP_USER_TIMEOUT, 30_000)
        .handler(new Connection())
        .connect(new InetSocketAddress(address, target.address().port()))
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                end(GrpcStatus.unavailable(reason(connected.cause())));
              }
            });
  }

  private final class Connection extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      connection = channel;
      if (tls != null) {
        SslHandler handshake =
            tls.newHandler(channel.alloc(), target.serverName(), target.address().port());
        handshake.setHandshakeTimeoutMillis(CONNECT_MILLIS);
        handshake
            .handshakeFuture()
            .addListener(
                done -> {
                  if (done.isSuccess()) {
                    openStream(channel);
                  } else {
                    end(GrpcStatus.unavailable("TLS: " + reason(done.cause())));
                  }
                });
        channel.pipeline().addLast(handshake);
      }
      channel
          .pipeline()
          .addLast(
              Http2FrameCodecBuilder.forClient()
                  .initialSettings(
                      Http2Settings.defaultSettings().initialWindowSize(WINDOW).pushEnabled(false))
                  .build(),
              new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelActive(ChannelHandlerContext context) {
                  if (tls == null) {
                    openStream(channel);
                  }
                  context.fireChannelActive();
                }

                @Override
                public void channelInactive(ChannelHandlerContext context) {
                  end(GrpcStatus.unavailable("the connection was closed"));
                  context.fireChannelInactive();
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                  end(GrpcStatus.unavailable(reason(cause)));
                }
              });
    }
  }

  private void openStream(Channel channel) {
    new Http2StreamChannelBootstrap(channel)
        .handler(new Stream())
        .open()
        .addListener(
            opened -> {
              if (!opened.isSuccess()) {
                end(GrpcStatus.unavailable(reason(opened.cause())));
              }
            });
  }

  private final class Stream extends SimpleChannelInboundHandler<Http2StreamFrame> {
    private @Nullable GrpcFrames frames;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      frames = new GrpcFrames(context.alloc(), MAX_MESSAGE);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      if (frames != null) {
        frames.release();
        frames = null;
      }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      stream = context.channel();
      Http2Headers headers = new DefaultHttp2Headers();
      headers
          .method("POST")
          .scheme(tls != null ? "https" : "http")
          .authority(target.serverName())
          .path(path);
      headers.set("content-type", "application/grpc");
      headers.set("te", "trailers");
      headers.set("user-agent", "weft-proxy");
      metadata.forEach(headers::set);
      context.writeAndFlush(new DefaultHttp2HeadersFrame(headers));
      unsent.forEach(GrpcCall.this::write);
      unsent.clear();
      if (halfClosed) {
        writeEnd();
      }
      handler.opened();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
      switch (frame) {
        case Http2HeadersFrame headers -> headers(headers);
        case Http2DataFrame data -> data(data);
        case Http2ResetFrame reset ->
            end(GrpcStatus.unavailable("the stream was reset, code " + reset.errorCode()));
        default -> {}
      }
    }

    private void headers(Http2HeadersFrame frame) {
      Http2Headers headers = frame.headers();
      CharSequence status = headers.get("grpc-status");
      if (status != null) {
        CharSequence message = headers.get("grpc-message");
        end(new GrpcStatus(code(status), message == null ? "" : message.toString()));
      } else if (headers.status() != null && !"200".contentEquals(headers.status())) {
        end(GrpcStatus.unavailable("HTTP status " + headers.status()));
      } else if (frame.isEndStream()) {
        end(GrpcStatus.unavailable("the stream ended without a status"));
      }
    }

    private void data(Http2DataFrame data) {
      if (frames == null) {
        return;
      }
      try {
        for (byte[] message : frames.add(data.content())) {
          if (!over) {
            handler.message(message);
          }
        }
      } catch (IllegalArgumentException e) {
        end(GrpcStatus.unavailable(reason(e)));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      end(GrpcStatus.unavailable("the stream was closed"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      end(GrpcStatus.unavailable(reason(cause)));
    }
  }

  /** Writes a message, now or as soon as the call is open. */
  public void send(byte[] message) {
    if (over) {
      return;
    }
    if (stream == null) {
      unsent.add(message);
    } else {
      write(message);
    }
  }

  /** No more messages will be written. */
  public void halfClose() {
    halfClosed = true;
    if (stream != null && !over) {
      writeEnd();
    }
  }

  /** Ends the call and its connection; the handler hears of it. */
  public void cancel(String reason) {
    end(GrpcStatus.unavailable(reason));
  }

  private void write(byte[] message) {
    Channel channel = stream;
    if (channel != null) {
      channel.writeAndFlush(
          new DefaultHttp2DataFrame(GrpcFrames.frame(channel.alloc(), message), false));
    }
  }

  private void writeEnd() {
    Channel channel = stream;
    if (channel != null) {
      channel.writeAndFlush(new DefaultHttp2DataFrame(true));
    }
  }

  private void end(GrpcStatus status) {
    if (over) {
      return;
    }
    over = true;
    if (connection != null) {
      connection.close();
    }
    handler.closed(status);
  }

  private static int code(CharSequence text) {
    try {
      return Integer.parseInt(text, 0, text.length(), 10);
    } catch (NumberFormatException e) {
      return 2;
    }
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause == null) {
      return "unknown";
    }
    Throwable root = cause.getCause() == null ? cause : cause.getCause();
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
