package dev.weft.control.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.console.access.Authority;
import dev.weft.control.ingest.Ingest;
import dev.weft.discovery.MemberClusters;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * {@code /ready}, {@code /metrics}, {@code /version} and {@code /debug/…} of the control plane.
 * Nothing here changes anything or shows a secret; {@code /debug} shows the topology, and not to
 * everybody.
 */
public final class AdminServer implements AutoCloseable {
  /** Bytes of a request line: one may hold a line of an access log. */
  private static final int LONGEST_QUESTION = 65_536;

  private static final String DEBUG = "/debug/";

  private final Ingest ingest;
  private final DebugPages pages;
  private final ControlMetrics metrics;
  private final DebugAccess access;
  private final String version;
  private final BooleanSupplier ready;
  private final ObjectMapper json = new ObjectMapper();
  private final int port;
  private final WebServer server;

  /**
   * @param authority who knows the tokens of those who may read {@code /debug} from elsewhere
   */
  public AdminServer(
      String bind,
      int port,
      Ingest ingest,
      MemberClusters clusters,
      DebugPages pages,
      PrometheusRegistry registry,
      BooleanSupplier ready,
      Authority authority,
      String version) {
    this.port = port;
    this.access = new DebugAccess(authority);
    this.ingest = ingest;
    this.pages = pages;
    this.version = version;
    this.ready = ready;
    this.metrics = new ControlMetrics(registry, ingest, clusters, version);
    this.server =
        WebServer.builder()
            .host(bind)
            .port(port)
            .shutdownHook(false)
            .addProtocol(Http1Config.builder().maxPrologueLength(LONGEST_QUESTION).build())
            .routing(this::routes)
            .build();
  }

  /**
   * Starts listening; the port that it listens on.
   *
   * @throws IOException naming the port that cannot be had
   */
  public int start() throws IOException {
    return Listening.start(server, "monitoring", port);
  }

  @Override
  public void close() {
    server.stop();
  }

  private void routes(HttpRouting.Builder routing) {
    routing
        .get("/ready", this::ready)
        .get("/metrics", this::metrics)
        .get("/version", (q, s) -> send(s, BuildFacts.page(version)))
        .any("/debug", this::guard)
        .any("/debug/*", this::guard)
        .get("/debug", (q, s) -> send(s, pages.index()))
        .get("/debug/*", this::page);
  }

  private void guard(ServerRequest request, ServerResponse response) {
    access
        .refusal(request)
        .ifPresentOrElse(
            refusal -> refuse(response, refusal.status(), refusal.message()), response::next);
  }

  private void ready(ServerRequest request, ServerResponse response) {
    if (ready.getAsBoolean()) {
      response.send("ready\n");
      return;
    }
    response
        .status(Status.SERVICE_UNAVAILABLE_503)
        .send(
            ingest.ready()
                ? "not ready: certificates and discovery are not served yet\n"
                : "not ready: the config API or a member cluster has not been read yet\n");
  }

  private void metrics(ServerRequest request, ServerResponse response) throws IOException {
    response
        .header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
        .send(metrics.text());
  }

  private void page(ServerRequest request, ServerResponse response) {
    try {
      send(
          response,
          pages.answer(
              request.path().path().substring(DEBUG.length()),
              DebugQuery.parse(request.query().rawValue(), Optional.empty())));
    } catch (NoAnswerException e) {
      refuse(response, Status.create(e.status()), String.valueOf(e.getMessage()));
    }
  }

  private static void send(ServerResponse response, DebugPages.Answer answer) {
    response
        .status(Status.create(answer.status()))
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .send(answer.body());
  }

  private void refuse(ServerResponse response, Status status, String message) {
    response.status(status);
    send(response, Tree.of("error", message));
  }

  private void send(ServerResponse response, Object tree) {
    try {
      response
          .header(HeaderNames.CONTENT_TYPE, "application/json")
          .send(json.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n");
    } catch (JsonProcessingException e) {
      response.status(Status.INTERNAL_SERVER_ERROR_500).send(String.valueOf(e.getMessage()));
    }
  }
}
