package dev.weft.traffic;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.control.traffic.TrafficStore;
import dev.weft.exchange.ResponseFlag;
import dev.weft.server.worker.RequestObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Proxies of two clusters whose metrics Prometheus reads: a page in c1 that calls reviews in both,
 * with failures, and a TCP service in c2; somebody without a proxy calls the page.
 */
final class ScrapedMesh implements AutoCloseable {
  private static final String PAGE = ScrapedProxy.metadata("c1", "productpage");

  final TrafficStore embedded = new TrafficStore(InstantSource.system());
  private final Map<String, ScrapedProxy> proxies = new LinkedHashMap<>();
  private final HttpServer server;

  ScrapedMesh() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    add("c1", "productpage", 0, ScrapedMesh::page);
    add("c1", "reviews", 0, o -> requests(o, 5, CountedTraffic.in("reviews", 20, PAGE)));
    // Two pods share what comes.
    add("c2", "reviews", 0, o -> requests(o, 1, CountedTraffic.in("reviews", 90, PAGE)));
    add("c2", "reviews", 1, o -> requests(o, 1, CountedTraffic.in("reviews", 90, PAGE)));
    add("c2", "redis", 0, o -> connection(o, CountedTraffic.in("redis", 0, PAGE)));
    server.start();
  }

  private static void page(RequestObserver observer) {
    requests(observer, 8, CountedTraffic.in("productpage", 100, null));
    requests(observer, 5, CountedTraffic.out("reviews", "c1", 200, 0, 21));
    requests(observer, 2, CountedTraffic.out("reviews", "c2", 200, 0, 95));
    requests(
        observer,
        1,
        CountedTraffic.out(
            "reviews", "c2", 503, ResponseFlag.UF.bit() | ResponseFlag.URX.bit(), 3));
    connection(observer, CountedTraffic.out("redis", "c2", 0, 0, 0));
  }

  private static void requests(RequestObserver observer, int count, CountedTraffic request) {
    for (int i = 0; i < count; i++) {
      observer.request(request);
    }
  }

  private static void connection(RequestObserver observer, CountedTraffic connection) {
    observer.opened(connection);
    observer.transferred(connection, 100, 400);
    observer.closed(connection);
  }

  private void add(String cluster, String workload, int pod, Consumer<RequestObserver> slice) {
    String path = "/%s/%s-%d".formatted(cluster, workload, pod);
    ScrapedProxy proxy = new ScrapedProxy(cluster, workload, slice, embedded);
    proxies.put(path, proxy);
    server.createContext(path, exchange -> answer(exchange, proxy));
  }

  private static void answer(HttpExchange exchange, ScrapedProxy proxy) throws IOException {
    byte[] body = proxy.exposition().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** What a Prometheus has to be told to scrape the proxies of a cluster. */
  String scrapeConfig(String cluster) {
    return """
    global: {scrape_interval: 500ms, scrape_timeout: 500ms}
    scrape_configs:
    - job_name: kubernetes-pods
      static_configs:
    """
        + proxies.keySet().stream()
            .filter(path -> path.startsWith("/" + cluster + "/"))
            .map(
                path ->
                    "  - {targets: ['127.0.0.1:%d'], labels: {__metrics_path__: %s, pod: %s}}\n"
                        .formatted(
                            server.getAddress().getPort(),
                            path,
                            path.substring(path.lastIndexOf('/') + 1)))
            .collect(Collectors.joining());
  }

  /** One page of metrics, as it is scraped. */
  String exposition() {
    return proxies.values().iterator().next().exposition();
  }

  void awaitStanding() throws InterruptedException {
    for (ScrapedProxy proxy : proxies.values()) {
      proxy.awaitStanding();
    }
  }

  void flow() throws InterruptedException {
    proxies.values().forEach(ScrapedProxy::grow);
    for (ScrapedProxy proxy : proxies.values()) {
      proxy.awaitDone();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
