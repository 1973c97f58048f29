package dev.weft.control.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.console.access.Authority;
import dev.weft.control.ingest.Ingest;
import dev.weft.control.traffic.TrafficStore;
import dev.weft.discovery.MemberClusters;
import dev.weft.explain.UnclearException;
import dev.weft.prometheus.Diagnosis;
import dev.weft.prometheus.Doctor;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.SourceState;
import dev.weft.topology.Topology;
import dev.weft.topology.Traffic;
import dev.weft.topology.TrafficSource;
import dev.weft.types.ClusterId;
import io.helidon.http.BadRequestException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * {@code /ready}, {@code /metrics}, {@code /version} and {@code /debug/…} of the control plane.
 * Nothing here changes anything or shows a secret; {@code /debug} shows the topology, and not to
 * everybody.
 */
public final class AdminServer implements AutoCloseable {
  private static final List<String> PAGES =
      List.of(
          "clusterz",
          "networkz",
          "registryz",
          "endpointz",
          "syncz",
          "config_dump?proxyID=",
          "explain?service=NAME[.NAMESPACE][:PORT]&from=POD[.NAMESPACE]&cluster=CLUSTER&subset=SUBSET",
          "explain/request?question={\"from\":\"POD.NAMESPACE\",\"host\":\"HOST:PORT\",\"path\":\"/\"}",
          "whatif?kind=cluster|zone|gateway|workload&cluster=CLUSTER&name=NAME&window=SECONDS",
          "topology?window=SECONDS",
          "prometheus?window=SECONDS",
          "diagnostics",
          "digest");

  /** Bytes of a request line: one may hold a line of an access log. */
  private static final int LONGEST_QUESTION = 65_536;

  private static final int MOST_SECONDS = (int) TrafficStore.REACH.toSeconds();

  private final Ingest ingest;
  private final MemberClusters clusters;
  private final ProxyDirectory proxies;
  private final TrafficSource traffic;
  private final Doctor doctor;
  private final ExplainPages pages;
  private final ControlMetrics metrics;
  private final DebugAccess access;
  private final String version;
  private final BooleanSupplier ready;
  private final InstantSource clock = InstantSource.system();
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
      ProxyDirectory proxies,
      TrafficSource traffic,
      Doctor doctor,
      PrometheusRegistry registry,
      BooleanSupplier ready,
      Authority authority,
      String version) {
    this.port = port;
    this.access = new DebugAccess(authority);
    this.ingest = ingest;
    this.clusters = clusters;
    this.proxies = proxies;
    this.traffic = traffic;
    this.doctor = doctor;
    this.pages = new ExplainPages(ingest, traffic, clock);
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
        .get("/version", (q, s) -> send(s, Tree.of("name", "weft", "version", version)))
        .any("/debug", this::guard)
        .any("/debug/*", this::guard)
        .get("/debug", (q, s) -> send(s, PAGES.stream().map(p -> "/debug/" + p).toList()))
        .get("/debug/clusterz", (q, s) -> send(s, clusterz()))
        .get("/debug/networkz", (q, s) -> send(s, DebugViews.networks(ingest.current())))
        .get("/debug/registryz", (q, s) -> send(s, DebugViews.registry(ingest.current())))
        .get("/debug/endpointz", (q, s) -> send(s, DebugViews.endpoints(ingest.current())))
        .get("/debug/diagnostics", (q, s) -> send(s, DebugViews.diagnostics(ingest.findings())))
        .get("/debug/digest", (q, s) -> send(s, DebugViews.digest(ingest.current())))
        .get("/debug/syncz", (q, s) -> send(s, proxies.syncz()))
        .get("/debug/config_dump", this::configDump)
        .get("/debug/topology", (q, s) -> answer(s, () -> topology(window(q))))
        .get("/debug/prometheus", (q, s) -> answer(s, () -> prometheus(window(q))))
        .get("/debug/explain", (q, s) -> answer(s, () -> pages.explain(q)))
        .get("/debug/explain/request", (q, s) -> answer(s, () -> pages.request(q)))
        .get("/debug/whatif", (q, s) -> answer(s, () -> pages.whatIf(q, window(q))));
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

  private List<Map<String, Object>> clusterz() {
    MeshSnapshot snapshot = ingest.current();
    List<MemberClusters.Registration> registrations = clusters.registrations();
    Map<String, Integer> connected = proxies.connected();
    return DebugViews.clusters(
        snapshot, id -> secret(registrations, id), id -> connected.getOrDefault(id.value(), 0));
  }

  private static String secret(List<MemberClusters.Registration> registrations, ClusterId id) {
    return registrations.stream()
        .filter(r -> r.cluster().equals(id))
        .map(MemberClusters.Registration::secret)
        .findFirst()
        .orElse("");
  }

  private void configDump(ServerRequest request, ServerResponse response) {
    String id = request.query().first("proxyID").orElse("");
    Optional<DumpView> dump = proxies.configDump(id);
    if (dump.isPresent()) {
      send(response, dump.get());
    } else {
      refuse(
          response,
          Status.NOT_FOUND_404,
          id.isEmpty()
              ? "name a proxy: ?proxyID=POD.NAMESPACE, see /debug/syncz"
              : "proxy '" + id + "' is not connected; see /debug/syncz");
    }
  }

  /** An answer to a question that may be unclear. */
  @FunctionalInterface
  private interface Answer {
    Object give() throws UnclearException;
  }

  private void answer(ServerResponse response, Answer answer) {
    try {
      send(response, answer.give());
    } catch (BadRequestException e) {
      refuse(response, Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    } catch (UnclearException e) {
      refuse(response, Status.NOT_FOUND_404, String.valueOf(e.getMessage()));
    }
  }

  private static Duration window(ServerRequest request) {
    String written = request.query().first("window").orElse("60");
    if (!written.matches("[1-9][0-9]{0,3}") || Integer.parseInt(written) > MOST_SECONDS) {
      throw new BadRequestException(
          "window is '%s', but must be seconds between 1 and %d".formatted(written, MOST_SECONDS));
    }
    return Duration.ofSeconds(Integer.parseInt(written));
  }

  private Map<String, Object> topology(Duration window) {
    Instant now = clock.instant();
    Traffic seen = traffic.between(now.minus(window), now);
    Topology drawn = Topology.of(window, seen.flows(), ingest.current());
    SourceState source = seen.state();
    return Tree.of(
        "windowMillis",
        drawn.windowMillis(),
        "nodes",
        drawn.nodes(),
        "edges",
        drawn.edges(),
        "source",
        Tree.of(
            "kind",
            source.kind().toString(),
            "state",
            source.state().toString(),
            "message",
            source.message(),
            "newest",
            source.newest().map(Instant::toString).orElse("")));
  }

  private Diagnosis prometheus(Duration window) {
    return doctor.examine(
        ingest.current().clusters().keySet().stream()
            .map(ClusterId::value)
            .collect(Collectors.toSet()),
        window);
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
