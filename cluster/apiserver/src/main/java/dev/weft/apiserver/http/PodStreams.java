package dev.weft.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.PodBackend;
import dev.weft.apiserver.document.Errors;
import dev.weft.apiserver.document.Json;
import dev.weft.apiserver.object.Objects;
import dev.weft.apiserver.stream.ExecSession;
import dev.weft.apiserver.stream.ForwardSession;
import dev.weft.apiserver.stream.SocketForwardSession;
import dev.weft.apiserver.stream.SpdyExecSession;
import dev.weft.apiserver.stream.SpdyTransport;
import dev.weft.apiserver.stream.StreamSession;
import dev.weft.apiserver.stream.WebSocket;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams that begin as an upgrade of an HTTP request: exec, attach, port-forward and watch over
 * WebSocket, exec, attach and port-forward over SPDY/3.1.
 */
public final class PodStreams implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodStreams.class);
  private static final HeaderName SOCKET_PROTOCOL = HeaderNames.create("Sec-WebSocket-Protocol");
  private static final HeaderName SOCKET_KEY = HeaderNames.create("Sec-WebSocket-Key");
  private static final HeaderName SPDY_PROTOCOL = HeaderNames.create("X-Stream-Protocol-Version");
  private static final String FORWARD = "portforward.k8s.io";
  private static final String TUNNEL = "SPDY/3.1+" + FORWARD;
  private static final String CHANNELS = "v4.channel.k8s.io";
  private static final List<String> SOCKET_EXEC = List.of("v5.channel.k8s.io", CHANNELS);

  private final Router router;
  private final Objects objects;
  private final PodBackend pods;
  private final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();

  public PodStreams(Router router, Objects objects, PodBackend pods) {
    this.router = router;
    this.objects = objects;
    this.pods = pods;
  }

  public List<Http1Upgrader> upgraders() {
    return List.of(
        new Upgrader("websocket", this::webSocket), new Upgrader("SPDY/3.1", this::spdy));
  }

  /** Ends all streams. */
  @Override
  public void close() {
    open.forEach(session -> session.close(true));
  }

  /** A request that asks for an upgrade, with the connection that it would take over. */
  private record Upgrade(Request request, ConnectionContext context, WritableHeaders<?> headers) {

    /** The first of {@code supported} that the client offers. */
    Optional<String> protocol(HeaderName header, List<String> supported) {
      if (!headers.contains(header)) {
        return Optional.empty();
      }
      List<String> offered = new ArrayList<>();
      for (String value : headers.get(header).allValues()) {
        Arrays.stream(value.split(",", -1)).map(String::strip).forEach(offered::add);
      }
      return supported.stream().filter(offered::contains).findFirst();
    }

    WebSocket accept(String protocol) {
      WebSocket socket = new WebSocket(context.dataReader(), context.dataWriter());
      socket.accept(headers.get(SOCKET_KEY).get(), protocol);
      return socket;
    }

    SpdyTransport acceptSpdy(String protocol) {
      String head =
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
              + "X-Stream-Protocol-Version: "
              + protocol
              + "\r\n\r\n";
      context.dataWriter().writeNow(BufferData.create(head.getBytes(StandardCharsets.US_ASCII)));
      return SpdyTransport.Raw.of(context.dataReader(), context.dataWriter());
    }

    Runnable disconnect() {
      return context.serverSocket()::close;
    }
  }

  /** Takes a connection over; empty to answer in HTTP. */
  private interface Taker {
    Optional<StreamSession> take(Upgrade upgrade);
  }

  private final class Upgrader implements Http1Upgrader {
    private final String protocol;
    private final Taker taker;

    Upgrader(String protocol, Taker taker) {
      this.protocol = protocol;
      this.taker = taker;
    }

    @Override
    public String supportedProtocol() {
      return protocol;
    }

    @Override
    public @Nullable ServerConnection upgrade(
        ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
      try {
        Upgrade upgrade = new Upgrade(request(prologue, headers), context, headers);
        return taker
            .take(upgrade)
            .map(session -> new Tracked(session, upgrade.disconnect()))
            .orElse(null);
      } catch (ApiException e) {
        return new Refusal(context, e);
      }
    }
  }

  /** Says no in HTTP and ends the connection. */
  private record Refusal(ConnectionContext context, ApiException why) implements ServerConnection {
    @Override
    public void handle(Limit limit) {
      byte[] body = Json.bytes(Errors.status(why));
      String head =
          "HTTP/1.1 "
              + why.code()
              + " "
              + why.reason()
              + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      context
          .dataWriter()
          .writeNow(
              BufferData.create(head.getBytes(StandardCharsets.US_ASCII)), BufferData.create(body));
    }

    @Override
    public Duration idleTime() {
      return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
      context.serverSocket().close();
    }
  }

  private static Request request(HttpPrologue prologue, WritableHeaders<?> headers) {
    return Request.of(
        prologue.method().text(),
        prologue.uriPath().rawPath(),
        prologue.query().rawValue(),
        name ->
            headers.contains(HeaderNames.create(name))
                ? Optional.of(String.join(",", headers.get(HeaderNames.create(name)).allValues()))
                : Optional.empty(),
        InputStream::nullInputStream);
  }

  /** Known to {@link #close} for as long as it runs. */
  private final class Tracked implements ServerConnection {
    private final StreamSession session;
    private final Runnable disconnect;

    Tracked(StreamSession session, Runnable disconnect) {
      this.session = session;
      this.disconnect = disconnect;
    }

    @Override
    public void handle(Limit limit) {
      open.add(this);
      try {
        session.run();
      } catch (IOException | UncheckedIOException e) {
        LOG.debug("{} ended: {}", session.getClass().getSimpleName(), e.getMessage());
      } finally {
        session.close();
        open.remove(this);
      }
    }

    @Override
    public Duration idleTime() {
      return Duration.ZERO;
    }

    @Override
    public void close(boolean interrupt) {
      session.close();
      disconnect.run();
    }
  }

  private Optional<StreamSession> webSocket(Upgrade upgrade) {
    Request request = upgrade.request();
    if (!upgrade.headers().contains(SOCKET_KEY)) {
      return Optional.empty();
    }
    if (request.flag("watch")) {
      return router.answer(request) instanceof Answer.Stream stream
          ? Optional.of(new WatchSession(upgrade.accept(""), stream.writer()))
          : Optional.empty();
    }
    Target target = router.streamTarget(request);
    return switch (target.part()) {
      case "exec", "attach" ->
          upgrade
              .protocol(SOCKET_PROTOCOL, SOCKET_EXEC)
              .map(
                  protocol -> {
                    PodBackend.Exec exec = process(request, target);
                    return new ExecSession(upgrade.accept(protocol), exec, request.flag("tty"));
                  });
      case "portforward" ->
          upgrade
              .protocol(SOCKET_PROTOCOL, List.of(TUNNEL, CHANNELS))
              .map(
                  protocol -> {
                    pod(target);
                    if (protocol.equals(TUNNEL)) {
                      return forward(SpdyTransport.Tunnel.of(upgrade.accept(protocol)), target);
                    }
                    List<Integer> ports = ports(request);
                    return new SocketForwardSession(
                        upgrade.accept(protocol), pods, target.namespace(), target.name(), ports);
                  });
      default -> Optional.empty();
    };
  }

  private Optional<StreamSession> spdy(Upgrade upgrade) {
    Request request = upgrade.request();
    Target target = router.streamTarget(request);
    return switch (target.part()) {
      case "exec", "attach" ->
          upgrade
              .protocol(SPDY_PROTOCOL, List.of(CHANNELS))
              .map(
                  protocol -> {
                    PodBackend.Exec exec = process(request, target);
                    boolean tty = request.flag("tty");
                    int streams = 1 + (tty ? 1 : 0);
                    for (String channel : List.of("stdin", "stdout", "stderr")) {
                      boolean wanted = request.flag(channel) && !(tty && channel.equals("stderr"));
                      streams += wanted ? 1 : 0;
                    }
                    return new SpdyExecSession(upgrade.acceptSpdy(protocol), exec, tty, streams);
                  });
      case "portforward" ->
          upgrade
              .protocol(SPDY_PROTOCOL, List.of(FORWARD))
              .map(
                  protocol -> {
                    pod(target);
                    return forward(upgrade.acceptSpdy(protocol), target);
                  });
      default -> Optional.empty();
    };
  }

  private ForwardSession forward(SpdyTransport transport, Target target) {
    return new ForwardSession(transport, pods, target.namespace(), target.name());
  }

  private ObjectNode pod(Target target) {
    return objects
        .get(target.known(), target.namespace(), target.name())
        .orElseThrow(() -> Errors.notFound(target.known().type(), target.name()));
  }

  /** The command of an exec, or the container of an attach. */
  private PodBackend.Exec process(Request request, Target target) {
    String container = SubResources.container(pod(target), request.parameter("container"));
    if (target.part().equals("attach")) {
      return pods.attach(
          target.namespace(),
          target.name(),
          container,
          new PodBackend.AttachRequest(request.flag("stdin"), request.flag("tty")));
    }
    List<String> command = request.parameters("command");
    if (command.isEmpty()) {
      throw Errors.badRequest("you must specify at least one command for the container");
    }
    return pods.exec(
        target.namespace(),
        target.name(),
        container,
        new PodBackend.ExecRequest(command, request.flag("stdin"), request.flag("tty")));
  }

  /** The ports of a forward over plain channels: repeated, or with commas between. */
  private static List<Integer> ports(Request request) {
    List<Integer> ports = new ArrayList<>();
    for (String value : request.parameters("ports")) {
      for (String one : value.split(",", -1)) {
        try {
          ports.add(Integer.parseInt(one));
        } catch (NumberFormatException e) {
          throw Errors.badRequest("ports: Invalid value: \"" + one + "\": must be a number");
        }
        if (ports.getLast() < 1 || ports.getLast() > 65535) {
          throw Errors.badRequest(
              "ports: Invalid value: \"" + one + "\": must be between 1 and 65535, inclusive");
        }
      }
    }
    if (ports.isEmpty()) {
      throw Errors.badRequest("query parameter \"ports\" is required");
    }
    return ports;
  }
}
