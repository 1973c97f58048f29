package dev.weft.console;

import dev.weft.console.access.ConfigApiAuthority;
import dev.weft.console.access.RememberingAuthority;
import dev.weft.discovery.KubeApi.RefusedException;
import io.helidon.http.HeaderNames;
import io.helidon.http.PathMatchers;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console: its pages, which are the same for everybody, and the API behind them, for which a
 * token is needed. Plain HTTP: what makes it private is the way to it, a forwarded port or an
 * Ingress (ADR 31). How much is open and in memory at once is bounded for all clients together.
 */
public final class ConsoleServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);
  private static final String API = "/api/v1";

  private static final int MAX_CONNECTIONS = 256;
  private static final int MAX_REQUESTS = 96;
  private static final int WORTH_COMPRESSING = 4096;
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  // Scripts and styles are our own files, and nothing is fetched from anywhere else.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self';"
          + " img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self';"
          + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Guard guard;
  private final Assets assets;
  private final Recorder recorder;
  private final WebServer server;

  /**
   * @param port 0 for any that is free
   */
  public ConsoleServer(String bind, int port, ConsoleParts parts) {
    this(bind, port, parts, "dev/weft/console/web/");
  }

  /**
   * @param assets where the pages are in the class path
   */
  ConsoleServer(String bind, int port, ConsoleParts parts, String assets) {
    this.guard =
        new Guard(new RememberingAuthority(new ConfigApiAuthority(parts.users()), parts.clock()));
    this.assets = new Assets(assets);
    this.recorder = new Recorder(parts);
    Pictures pictures = new Pictures(parts, recorder);
    Streams streams = new Streams(parts, guard, recorder, pictures);
    List<Route> routes = new ArrayList<>(new MeshEndpoints(parts, pictures).routes());
    routes.addAll(new TopologyEndpoints(parts, recorder, pictures, streams).routes());
    routes.addAll(new ConfigEndpoints(parts).routes());
    routes.addAll(new ExplainEndpoints(parts).routes());
    this.server =
        WebServer.builder()
            .host(bind)
            .port(port)
            .shutdownHook(false)
            .maxTcpConnections(MAX_CONNECTIONS)
            .maxConcurrentRequests(MAX_REQUESTS)
            .maxPayloadSize(Call.MAX_SKIPPED_BYTES)
            .connectionOptions(o -> o.readTimeout(LONGEST_SILENCE))
            .routing(routing -> routes(routing, routes))
            .build();
  }

  Recorder recorder() {
    return recorder;
  }

  /** Begins to look at the mesh, also while nobody is there to see it. */
  public void record() {
    recorder.start();
  }

  /** What listens, once it is started. */
  public WebServer server() {
    return server;
  }

  @Override
  public void close() {
    recorder.close();
    server.stop();
  }

  private void routes(HttpRouting.Builder routing, List<Route> routes) {
    routing.addFilter(ConsoleServer::safely);
    for (Route route : routes) {
      routing.route(route.method(), PathMatchers.create(API + route.path()), handler(route));
    }
    routing
        .any("/api", ConsoleServer::nothingThere)
        .any("/api/*", ConsoleServer::nothingThere)
        .get("/*", this::page);
  }

  /** Headers that every answer has. */
  private static void safely(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    response
        .header(HeaderNames.create("Content-Security-Policy"), POLICY)
        .header(HeaderNames.create("X-Content-Type-Options"), "nosniff")
        .header(HeaderNames.create("X-Frame-Options"), "DENY")
        .header(HeaderNames.create("Referrer-Policy"), "no-referrer")
        .header(HeaderNames.create("Cross-Origin-Opener-Policy"), "same-origin")
        .header(HeaderNames.create("Cross-Origin-Resource-Policy"), "same-origin");
    chain.proceed();
  }

  private Handler handler(Route route) {
    return (request, response) ->
        answer(
            request,
            response,
            () -> {
              Caller caller = route.changes() ? guard.admin(request) : guard.caller(request);
              return route.endpoint().answer(new Call(request, caller));
            });
  }

  /** What makes an answer. */
  private interface Work {
    Object result() throws ProblemException, RefusedException;
  }

  private static void answer(ServerRequest request, ServerResponse response, Work work) {
    try {
      Object result = work.result();
      if (result instanceof Streaming streaming) {
        streaming.to(response);
      } else {
        send(request, response, result);
      }
    } catch (ProblemException e) {
      refuse(request, response, e);
    } catch (RefusedException e) {
      refuse(request, response, ProblemException.of(e));
    } catch (RuntimeException e) {
      LOG.error("console: {} {} failed", request.prologue().method(), request.path().path(), e);
      refuse(
          request,
          response,
          new ProblemException(
              Status.INTERNAL_SERVER_ERROR_500, "internal", "the console failed; see its log"));
    }
  }

  private static void refuse(
      ServerRequest request, ServerResponse response, ProblemException problem) {
    response.status(problem.status());
    if (problem.status().equals(Status.UNAUTHORIZED_401)) {
      response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    send(request, response, problem.problem());
  }

  private static void send(ServerRequest request, ServerResponse response, Object result) {
    byte[] body = result instanceof Ready ready ? ready.json().array() : Json.bytes(result);
    response
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .header(HeaderNames.CACHE_CONTROL, "no-store");
    if (body.length >= WORTH_COMPRESSING && takesGzip(request)) {
      response.header(HeaderNames.CONTENT_ENCODING, "gzip").send(Assets.gzip(body));
    } else {
      response.send(body);
    }
  }

  private static boolean takesGzip(ServerRequest request) {
    return request.headers().first(HeaderNames.ACCEPT_ENCODING).orElse("").contains("gzip");
  }

  private static void nothingThere(ServerRequest request, ServerResponse response) {
    refuse(
        request,
        response,
        ProblemException.notFound(
            "there is no " + request.prologue().method() + " " + request.path().path()));
  }

  private void page(ServerRequest request, ServerResponse response) {
    var found = assets.at(request.path().path());
    if (found.isEmpty()) {
      nothingThere(request, response);
      return;
    }
    Assets.Asset asset = found.get();
    response
        .header(HeaderNames.CONTENT_TYPE, asset.type())
        .header(
            HeaderNames.CACHE_CONTROL,
            asset.lasting() ? "public, max-age=31536000, immutable" : "no-cache")
        .header(HeaderNames.VARY, "Accept-Encoding");
    if (asset.isCompressed() && takesGzip(request)) {
      response.header(HeaderNames.CONTENT_ENCODING, "gzip").send(asset.compressed().array());
    } else {
      response.send(asset.content().array());
    }
  }
}
