package dev.weft.bench;

import com.sun.net.httpserver.HttpServer;
import dev.weft.apiserver.ApiServerOptions;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.config.ConfigSet;
import dev.weft.config.ControlIdentity;
import dev.weft.config.MeshSettings;
import dev.weft.console.ConsoleParts;
import dev.weft.console.ConsoleServer;
import dev.weft.console.ProxyBook;
import dev.weft.console.api.ProxyDetail;
import dev.weft.console.api.ProxyRow;
import dev.weft.console.view.Moment;
import dev.weft.discovery.MeshApi;
import dev.weft.loop.Clock;
import dev.weft.prometheus.Fleet;
import dev.weft.prometheus.PrometheusFile;
import dev.weft.prometheus.PrometheusTraffic;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.topology.Flow;
import dev.weft.topology.Tally;
import dev.weft.topology.Traffic;
import dev.weft.topology.TrafficSource;
import dev.weft.topology.Volume;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The console of a synthetic mesh, on loopback, until standard input ends: {@code LargeConsole
 * DIRECTORY NAMESPACES [PROMETHEUS-URL]}. Prints where it is, and where a Prometheus finds what its
 * proxies would count.
 */
final class LargeConsole {
  private static final int CLUSTERS = 3;
  private static final int WORKLOADS = 20;
  private static final Pattern TOKEN = Pattern.compile("token: \"?([^\"\\s]+)");

  private LargeConsole() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    SyntheticMesh mesh = new SyntheticMesh(CLUSTERS, Integer.parseInt(arguments[1]), WORKLOADS);
    Moment moment =
        new Moment(ConfigSet.empty(MeshSettings.defaults()), mesh.snapshot(), List.of());
    HttpServer exposition = exposition(mesh.traffic());
    try (ApiServer config =
        ApiServer.open(
            new ApiServerSettings("mesh", directory.resolve("mesh"), 0, List.of()),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("no services here");
            },
            ApiServerOptions.DEFAULTS)) {
      config.start();
      String kubeconfig = config.kubeconfig("mesh", "https://127.0.0.1:" + config.port());
      Path file = Files.writeString(directory.resolve("mesh.yaml"), kubeconfig);
      try (MeshApi api =
              MeshApi.of(
                  file,
                  ControlIdentity.hosted("istio-system"),
                  MeshSettings.defaults(),
                  event -> {},
                  Clock.system());
          ConsoleServer console =
              new ConsoleServer(
                  "127.0.0.1",
                  0,
                  new ConsoleParts(
                      "bench",
                      URI.create("https://127.0.0.1:" + config.port()),
                      () -> moment,
                      arguments.length > 2
                          ? prometheus(directory, arguments[2])
                          : new Steady(mesh.traffic()),
                      api.users()::with,
                      cluster -> Optional.empty(),
                      List::of,
                      new NoProxies(),
                      List::of,
                      InstantSource.system()))) {
        console.server().start();
        if (arguments.length == 2) {
          // Else nobody but who looks at a picture asks Prometheus, so that one can count.
          console.record();
        }
        System.out.printf(
            "console http://127.0.0.1:%d/#token=%s%nmetrics 127.0.0.1:%d%n",
            console.server().port(), token(kubeconfig), exposition.getAddress().getPort());
        while (System.in.read() >= 0) {
          // Whoever started this holds the other end.
        }
      }
    } finally {
      exposition.stop(0);
    }
  }

  private static String token(String kubeconfig) {
    Matcher token = TOKEN.matcher(kubeconfig);
    if (!token.find()) {
      throw new IllegalStateException("the kubeconfig has no token");
    }
    return token.group(1);
  }

  private static TrafficSource prometheus(Path directory, String url) throws IOException {
    PrometheusFile file =
        new PrometheusFile(
            Files.writeString(
                directory.resolve("servers.yaml"),
                "servers:\n- {url: '%s', scrape_interval: 5s, remote_timeout: 2m}\n"
                    .formatted(url)));
    return new PrometheusTraffic(new Fleet(file::read));
  }

  /** All that the proxies of a mesh count, on one page. It grows by a minute's traffic a minute. */
  private static HttpServer exposition(Traffic minute) throws IOException {
    long start = System.nanoTime();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/metrics",
        exchange -> {
          double minutes = (System.nanoTime() - start) / 60e9;
          StringBuilder page = new StringBuilder("# TYPE istio_requests_total counter\n");
          minute.flows().forEach((flow, volume) -> series(page, flow, volume, minutes));
          byte[] body = page.toString().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static void series(StringBuilder page, Flow flow, Volume volume, double minutes) {
    page.append("istio_requests_total{reporter=\"")
        .append(flow.reporter().name().toLowerCase(Locale.ROOT))
        .append("\",request_protocol=\"http\",connection_security_policy=\"mutual_tls\"");
    label(page, "source_cluster", flow.source().cluster());
    label(page, "source_workload_namespace", flow.source().namespace());
    label(page, "source_workload", flow.source().workload());
    label(page, "destination_cluster", flow.destination().cluster());
    label(page, "destination_workload_namespace", flow.destination().namespace());
    label(page, "destination_workload", flow.destination().workload());
    label(page, "destination_service", flow.service());
    label(page, "response_code", String.valueOf(flow.code()));
    label(page, "response_flags", flow.flags());
    page.append("} ").append(Math.round(volume.requests() * minutes)).append('\n');
  }

  private static void label(StringBuilder page, String name, String value) {
    page.append(',').append(name).append("=\"").append(value).append('"');
  }

  /** The same in every minute. */
  private record Steady(Traffic minute) implements TrafficSource {
    @Override
    public Traffic between(Instant from, Instant to) {
      return minute;
    }

    @Override
    public List<Tally> strip(Instant from, Instant to, Duration step) {
      long requests =
          minute.flows().values().stream().mapToLong(Volume::requests).sum()
              * step.toSeconds()
              / 60;
      return Stream.iterate(from, at -> at.isBefore(to), at -> at.plus(step))
          .map(at -> new Tally(at, requests, 0))
          .toList();
    }
  }

  private static final class NoProxies implements ProxyBook {
    @Override
    public boolean onDemand(WorkloadKey pod) {
      return false;
    }

    @Override
    public List<ProxyRow> rows() {
      return List.of();
    }

    @Override
    public Optional<ProxyDetail> detail(String id) {
      return Optional.empty();
    }
  }
}
