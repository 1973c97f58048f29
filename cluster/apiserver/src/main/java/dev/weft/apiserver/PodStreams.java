package dev.weft.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Streams to pods that begin as an upgrade of an HTTP request. */
final class PodStreams implements AutoCloseable {
  private static final HeaderName PROTOCOL = HeaderNames.create("Sec-WebSocket-Protocol");
  private static final HeaderName KEY = HeaderNames.create("Sec-WebSocket-Key");
  private static final List<String> EXEC_PROTOCOLS =
      List.of("v5.channel.k8s.io", "v4.channel.k8s.io");

  private final Router router;
  private final Objects objects;
  private final PodBackend pods;
  private final Set<ExecSession> open = ConcurrentHashMap.newKeySet();

  PodStreams(Router router, Objects objects, PodBackend pods) {
    this.router = router;
    this.objects = objects;
    this.pods = pods;
  }

  List<Http1Upgrader> upgraders() {
    return List.of(new WebSocketUpgrader());
  }

  /** Ends all streams. */
  @Override
  public void close() {
    open.forEach(session -> session.close(true));
  }

  private static Request request(HttpPrologue prologue, WritableHeaders<?> headers) {
    return Request.of(
        prologue.method().text(),
        prologue.uriPath().rawPath(),
        prologue.query().rawValue(),
        name ->
            headers.contains(HeaderNames.create(name))
                ? Optional.of(headers.get(HeaderNames.create(name)).get())
                : Optional.empty(),
        InputStream::nullInputStream);
  }

  /** Refusals are left to the ordinary path: it comes to the same one and can say so in HTTP. */
  private final class WebSocketUpgrader implements Http1Upgrader {
    @Override
    public String supportedProtocol() {
      return "websocket";
    }

    @Override
    public @Nullable ServerConnection upgrade(
        ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
      try {
        Request request = request(prologue, headers);
        return !headers.contains(KEY)
            ? null
            : request.flag("watch")
                ? watch(request, context, headers)
                : exec(request, context, headers);
      } catch (ApiException e) {
        return null;
      }
    }
  }

  private @Nullable ServerConnection watch(
      Request request, ConnectionContext context, WritableHeaders<?> headers) {
    if (!(router.answer(request) instanceof Answer.Stream stream)) {
      return null;
    }
    WebSocket socket = new WebSocket(context.dataReader(), context.dataWriter());
    socket.accept(headers.get(KEY).get(), "");
    return new WatchSession(socket, stream.writer(), context.serverSocket()::close);
  }

  private @Nullable ServerConnection exec(
      Request request, ConnectionContext context, WritableHeaders<?> headers) {
    Router.Target target = router.streamTarget(request);
    Optional<String> protocol = protocol(headers);
    if (!target.part().equals("exec") || protocol.isEmpty()) {
      return null;
    }
    PodBackend.Exec exec = exec(request, target);
    WebSocket socket = new WebSocket(context.dataReader(), context.dataWriter());
    socket.accept(headers.get(KEY).get(), protocol.get());
    ExecSession session =
        new ExecSession(
            socket, exec, request.flag("tty"), context.serverSocket()::close, open::remove);
    open.add(session);
    return session;
  }

  private static Optional<String> protocol(WritableHeaders<?> headers) {
    if (!headers.contains(PROTOCOL)) {
      return Optional.empty();
    }
    List<String> offered = new ArrayList<>();
    for (String value : headers.get(PROTOCOL).allValues()) {
      Arrays.stream(value.split(",", -1)).map(String::strip).forEach(offered::add);
    }
    return EXEC_PROTOCOLS.stream().filter(offered::contains).findFirst();
  }

  private PodBackend.Exec exec(Request request, Router.Target target) {
    ObjectNode pod =
        objects
            .get(target.known(), target.namespace(), target.name())
            .orElseThrow(() -> Errors.notFound(target.known().type(), target.name()));
    List<String> command = request.parameters("command");
    if (command.isEmpty()) {
      throw Errors.badRequest("you must specify at least one command for the container");
    }
    return pods.exec(
        target.namespace(),
        target.name(),
        SubResources.container(pod, request.parameter("container")),
        new PodBackend.ExecRequest(command, request.flag("stdin"), request.flag("tty")));
  }
}
