package dev.weft.apiserver.http;

import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.document.Errors;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTPS on 127.0.0.1: from the wire to {@link Router} and back. */
public final class WireServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WireServer.class);

  /** The server counts from the start of a request, and watches and logs are long ones. */
  private static final Duration IDLE = Duration.ofDays(7);

  private final WebServer server;

  /**
   * Starts to listen.
   *
   * @param port 0 for any
   * @throws IOException where the port is taken
   */
  public WireServer(int port, SSLContext tls, Router router, List<Http1Upgrader> upgraders)
      throws IOException {
    var selector = Http1ConnectionSelector.builder().config(Http1Config.create());
    upgraders.forEach(selector::addUpgrader);
    try {
      server =
          WebServer.builder()
              .host("127.0.0.1")
              .port(port)
              .tls(Tls.builder().sslContext(tls).build())
              // An answer in two writes would else wait 40 ms for the client's acknowledgement.
              .connectionOptions(socket -> socket.tcpNoDelay(true))
              .featuresDiscoverServices(false)
              .protocolsDiscoverServices(false)
              .addConnectionSelector(selector.build())
              .idleConnectionTimeout(IDLE)
              .shutdownGracePeriod(Duration.ofMillis(200))
              .shutdownHook(false)
              .routing(
                  routing -> routing.any((request, response) -> handle(router, request, response)))
              .build()
              .start();
    } catch (RuntimeException e) {
      throw new IOException("cannot listen on 127.0.0.1:" + port + ": " + e.getMessage(), e);
    }
    // The library only logs a port that it cannot have.
    if (!server.isRunning() || server.port() <= 0) {
      throw new BindException("cannot listen on 127.0.0.1:" + port + ": it is taken");
    }
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }

  private static void handle(Router router, ServerRequest request, ServerResponse response) {
    Answer answer;
    try {
      answer = router.answer(request(request));
    } catch (ApiException e) {
      answer = Answer.refusal(e);
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", request.prologue().method(), request.path().rawPath(), e);
      answer = Answer.refusal(Errors.internal(String.valueOf(e.getMessage())));
    }
    switch (answer) {
      case Answer.Body body -> send(response, body);
      case Answer.Stream stream -> stream(response, stream);
    }
  }

  private static Request request(ServerRequest request) {
    return Request.of(
        request.prologue().method().text(),
        request.prologue().uriPath().rawPath(),
        request.prologue().query().rawValue(),
        name ->
            request.headers().contains(HeaderNames.create(name))
                ? Optional.of(
                    String.join(",", request.headers().get(HeaderNames.create(name)).allValues()))
                : Optional.empty(),
        () -> request.content().inputStream());
  }

  private static void send(ServerResponse response, Answer.Body body) {
    response.status(body.code());
    response.header(HeaderNames.CONTENT_TYPE, body.contentType());
    response.header(
        HeaderNames.CACHE_CONTROL, body.immutable() ? "public, immutable" : "no-cache, private");
    if (body.immutable()) {
      response.header(
          HeaderNames.EXPIRES,
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              ZonedDateTime.now(ZoneOffset.UTC).plusYears(1)));
    }
    if (!body.warnings().isEmpty()) {
      response.header(
          HeaderNames.create("Warning"),
          body.warnings().stream().map(WireServer::warning).toArray(String[]::new));
    }
    response.send(body.bytes());
  }

  /** RFC 7234 5.5, with what cannot stand in a header left out. */
  private static String warning(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}]", " ").replaceAll("[^\\x20-\\x7e]", "?");
    return "299 - \"" + clean.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static void stream(ServerResponse response, Answer.Stream stream) {
    response.status(200);
    response.header(HeaderNames.CONTENT_TYPE, stream.contentType());
    response.header(HeaderNames.CACHE_CONTROL, "no-cache, private");
    LateStream out = new LateStream(response);
    try {
      stream.writer().write(out);
      out.close();
    } catch (ApiException e) {
      if (out.begun()) {
        closeQuietly(out);
      } else {
        send(response, Answer.refusal(e));
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("a client left: {}", e.getMessage());
      closeQuietly(out);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closeQuietly(out);
    }
  }

  private static void closeQuietly(OutputStream out) {
    try {
      out.close();
    } catch (IOException | RuntimeException e) {
      LOG.debug("closing a stream: {}", e.getMessage());
    }
  }

  /** Begins the response with the first byte, so that a refusal can still take its place. */
  private static final class LateStream extends OutputStream {
    private final ServerResponse response;
    private @Nullable OutputStream out;

    LateStream(ServerResponse response) {
      this.response = response;
    }

    boolean begun() {
      return out != null;
    }

    private OutputStream out() {
      if (out == null) {
        out = response.outputStream();
      }
      return out;
    }

    @Override
    public void write(int value) throws IOException {
      out().write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      out().flush();
    }

    @Override
    public void close() throws IOException {
      out().close();
    }
  }
}
