package dev.weft.prometheus;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A server that answers Prometheus' HTTP API: Prometheus itself, or one that has read several
 * (Thanos, Mimir, VictoriaMetrics, ARMS).
 *
 * @param name what messages call it: its URL may hold a token
 * @param url what {@code /api/v1/query} is added to
 * @param cluster whose proxies it scrapes; empty for several, or where the series' own labels say
 *     it
 * @param scope labels that all series must have, for a server that knows more than this mesh
 * @param parameters added to each query
 * @param timeout of one query
 * @param scrapeInterval how often it scrapes; a rate needs four scrapes
 */
public record PrometheusServer(
    String name,
    URI url,
    String cluster,
    Access access,
    Map<String, String> scope,
    Map<String, String> parameters,
    Duration timeout,
    Duration scrapeInterval) {
  static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);
  static final Duration USUAL_SCRAPE_INTERVAL = Duration.ofSeconds(15);

  /** As many scrapes as Prometheus' own guide wants within a rate's window. */
  private static final int SCRAPES = 4;

  public PrometheusServer {
    scope = Collections.unmodifiableMap(new LinkedHashMap<>(scope));
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** One that needs no more than its address. */
  public static PrometheusServer at(URI url) {
    return new PrometheusServer(
        authority(url),
        url,
        "",
        Access.OPEN,
        Map.of(),
        Map.of(),
        USUAL_TIMEOUT,
        USUAL_SCRAPE_INTERVAL);
  }

  /** A name for a server without one: no path, since paths may hold tokens. */
  static String authority(URI url) {
    return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
  }

  /** The shortest window of which it can tell a rate. */
  Duration shortestWindow() {
    return scrapeInterval.multipliedBy(SCRAPES);
  }

  /** Without what must not be shown. */
  @Override
  public String toString() {
    return name;
  }
}
