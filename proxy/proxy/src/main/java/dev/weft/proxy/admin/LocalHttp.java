package dev.weft.proxy.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP/1.1 server. Answers are made on virtual threads, so that they may block, and never
 * on a loop that carries traffic.
 */
public final class LocalHttp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalHttp.class);

  /** Nobody sends a body that anybody reads. */
  private static final int MAX_BODY = 1 << 10;

  /** Connections of one port; the one that came first makes room for another one. */
  private static final int MAX_CONNECTIONS = 100;

  private static final int IDLE_SECONDS = 60;
  private static final InetAddress PASSED_ON = InetAddress.ofLiteral("127.0.0.6");

  private final Channel channel;

  /**
   * A request. Names of headers are lower case.
   *
   * @param local whether it was made in the proxy's own pod, by its loopback address
   */
  public record Call(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      boolean local) {}

  /** A response. */
  public record Answer(int status, String contentType, String body) {
    public static Answer text(String body) {
      return new Answer(200, "text/plain; charset=UTF-8", body);
    }

    public static Answer json(String body) {
      return new Answer(200, "application/json", body);
    }

    public static Answer of(int status, String body) {
      return new Answer(status, "text/plain; charset=UTF-8", body);
    }
  }

  /** Answers requests, on virtual threads. */
  @FunctionalInterface
  public interface Responder {
    Answer answer(Call call);
  }

  private LocalHttp(Channel channel) {
    this.channel = channel;
  }

  /**
   * Listens.
   *
   * @throws IllegalStateException where the address cannot be bound; the message names it
   */
  public static LocalHttp listen(EventLoopGroup loops, String host, int port, Responder responder) {
    Guests guests = new Guests();
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel accepted) {
                    guests.enter(accepted);
                    accepted
                        .pipeline()
                        .addLast(
                            new ReadTimeoutHandler(IDLE_SECONDS),
                            new HttpServerCodec(),
                            new HttpObjectAggregator(MAX_BODY),
                            new Exchange(responder));
                  }
                })
            .bind(new InetSocketAddress(host, port))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IllegalStateException(
          "cannot listen on " + host + ":" + port + ": " + bound.cause().getMessage(),
          bound.cause());
    }
    return new LocalHttp(bound.channel());
  }

  /** The port in use. */
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  @Override
  public void close() {
    channel.close();
  }

  /** Who is connected, in order of arrival. Thread-safe. */
  private static final class Guests {
    private final Set<Channel> present = new LinkedHashSet<>();

    synchronized void enter(Channel channel) {
      if (present.size() >= MAX_CONNECTIONS) {
        present.iterator().next().close();
      }
      present.add(channel);
      channel.closeFuture().addListener(closed -> leave(channel));
    }

    private synchronized void leave(Channel channel) {
      present.remove(channel);
    }
  }

  private static final class Exchange extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final Responder responder;

    Exchange(Responder responder) {
      this.responder = responder;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      Call call = call(request, local(context.channel().remoteAddress()));
      boolean keepAlive = HttpUtil.isKeepAlive(request);
      boolean head = request.method().name().equals("HEAD");
      Thread.ofVirtual().start(() -> respond(context, call, keepAlive, head));
    }

    private void respond(
        ChannelHandlerContext context, Call call, boolean keepAlive, boolean head) {
      Answer answer;
      try {
        answer = responder.answer(call);
      } catch (RuntimeException e) {
        LOG.warn("{} {} failed", call.method(), call.path(), e);
        answer = Answer.of(500, "internal error: " + e.getMessage() + "\n");
      }
      byte[] body = answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8);
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(answer.status()),
              Unpooled.wrappedBuffer(head ? new byte[0] : body));
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
          .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
      HttpUtil.setKeepAlive(response, keepAlive);
      var written = context.writeAndFlush(response);
      if (!keepAlive) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    /** Not 127.0.0.6: from there comes what a proxy took from others and passes on to its pod. */
    private static boolean local(SocketAddress peer) {
      return peer instanceof InetSocketAddress inet
          && inet.getAddress().isLoopbackAddress()
          && !inet.getAddress().equals(PASSED_ON);
    }

    private static Call call(FullHttpRequest request, boolean local) {
      String target = request.uri();
      int question = target.indexOf('?');
      Map<String, String> query = new LinkedHashMap<>();
      if (question >= 0) {
        for (String pair : target.substring(question + 1).split("&", -1)) {
          int equals = pair.indexOf('=');
          query.put(
              equals < 0 ? pair : pair.substring(0, equals),
              equals < 0 ? "" : pair.substring(equals + 1));
        }
      }
      Map<String, String> headers = new LinkedHashMap<>();
      request
          .headers()
          .forEach(h -> headers.put(h.getKey().toLowerCase(java.util.Locale.ROOT), h.getValue()));
      return new Call(
          request.method().name(),
          question < 0 ? target : target.substring(0, question),
          query,
          headers,
          local);
    }
  }
}
