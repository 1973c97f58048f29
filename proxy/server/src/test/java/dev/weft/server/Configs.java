package dev.weft.server;

import dev.weft.routing.CircuitLimits;
import dev.weft.routing.ClusterChoice;
import dev.weft.routing.Endpoint;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.HostRewrite;
import dev.weft.routing.LbPolicy;
import dev.weft.routing.LbTuning;
import dev.weft.routing.LoadAssignment;
import dev.weft.routing.OutlierPolicy;
import dev.weft.routing.PathMatch;
import dev.weft.routing.PathRewrite;
import dev.weft.routing.RetryPolicy;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import dev.weft.runtime.AccessLog;
import dev.weft.runtime.ChainMatch;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.FilterChainTable;
import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.runtime.ListenerTable;
import dev.weft.runtime.LogFormat;
import dev.weft.runtime.LogFormat.Literal;
import dev.weft.runtime.LogFormat.Operator;
import dev.weft.runtime.MetricRules;
import dev.weft.runtime.NameTable;
import dev.weft.runtime.Pipeline;
import dev.weft.runtime.RouteSource;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.TcpPipeline;
import dev.weft.runtime.TlsSecret;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds configurations for tests, piece by piece. */
final class Configs {
  private final Map<String, Listener> listeners = new LinkedHashMap<>();
  private final Map<String, RouteTable> tables = new LinkedHashMap<>();
  private final Map<String, Cluster> clusters = new LinkedHashMap<>();
  private final Map<String, LoadAssignment> assignments = new LinkedHashMap<>();
  private final Map<String, TlsSecret> secrets = new LinkedHashMap<>();
  private long generation = 1;

  static final List<HttpFilter> OUTBOUND_FILTERS =
      List.of(
          new HttpFilter.PeerMetadata(false, true, true, false),
          new HttpFilter.IstioAlpn(
              Map.of(
                  "http/1.1", List.of("istio-http/1.1", "istio"),
                  "h2", List.of("istio-h2", "istio"))),
          new HttpFilter.Fault(),
          new HttpFilter.Cors(),
          new HttpFilter.Router(false));
  static final List<HttpFilter> INBOUND_FILTERS =
      List.of(new HttpFilter.PeerMetadata(true, false, false, true), new HttpFilter.Router(false));

  static final HttpPipeline.Timeouts NO_TIMEOUTS =
      new HttpPipeline.Timeouts(
          Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  RuntimeConfig build() {
    return new RuntimeConfig(
        Map.copyOf(listeners),
        Map.copyOf(tables),
        Map.of(),
        Map.copyOf(clusters),
        Map.copyOf(assignments),
        Map.copyOf(secrets),
        Map.of(),
        NameTable.NONE,
        ListenerTable.of(listeners),
        generation++);
  }

  Configs secret(String name, TlsSecret secret) {
    secrets.put(name, secret);
    return this;
  }

  Configs listener(Listener listener) {
    listeners.put(listener.name(), listener);
    return this;
  }

  Configs without(String listener) {
    listeners.remove(listener);
    return this;
  }

  Configs routes(String table, Route... routes) {
    return routes(
        table, new VirtualHost("all", List.of("*"), List.of(routes), false, false, false));
  }

  Configs routes(String table, VirtualHost host) {
    tables.put(table, RouteTable.of(table, true, List.of(host)));
    return this;
  }

  Configs cluster(Cluster cluster, int... ports) {
    clusters.put(cluster.name(), cluster);
    return endpoints(cluster.name(), Map.of(), ports);
  }

  Configs endpoints(String cluster, Map<String, String> metadata, int... ports) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int port : ports) {
      endpoints.add(
          new Endpoint(
              new HostPort("127.0.0.1", port), "", 1, Endpoint.Health.HEALTHY, metadata, "", ""));
    }
    return endpoints(cluster, endpoints);
  }

  Configs endpoints(String cluster, List<Endpoint> endpoints) {
    assignments.put(
        cluster,
        new LoadAssignment(
            cluster,
            List.of(new LoadAssignment.Group(new Locality("", "", ""), 0, 1, endpoints)),
            140));
    return this;
  }

  static Cluster cluster(String name) {
    return cluster(name, new UpstreamTransport.Plain(), CircuitLimits.UNLIMITED);
  }

  /** The same cluster with endpoints that speak another HTTP than HTTP/1.1. */
  static Cluster speaking(Cluster.Protocol protocol, Cluster one) {
    Cluster.HttpOptions http = one.http();
    return with(
        new Cluster.HttpOptions(
            protocol,
            http.maxRequestsPerConnection(),
            http.idleTimeout(),
            http.maxConnectionDuration(),
            http.maxConcurrentStreams()),
        one);
  }

  /** The same cluster with other connections. */
  static Cluster with(Cluster.HttpOptions http, Cluster one) {
    return new Cluster(
        one.name(),
        one.discovery(),
        one.lbPolicy(),
        one.lbTuning(),
        one.connectTimeout(),
        one.transports(),
        one.transport(),
        one.sourceAddress(),
        http,
        one.limits(),
        one.outlier(),
        one.services(),
        one.keepalive());
  }

  /** The same cluster, each of whose endpoints is ejected after some errors in a row. */
  static Cluster ejecting(OutlierPolicy policy, Cluster one) {
    return new Cluster(
        one.name(),
        one.discovery(),
        one.lbPolicy(),
        one.lbTuning(),
        one.connectTimeout(),
        one.transports(),
        one.transport(),
        one.sourceAddress(),
        one.http(),
        one.limits(),
        policy,
        one.services(),
        one.keepalive());
  }

  static Cluster cluster(String name, UpstreamTransport transport, CircuitLimits limits) {
    return cluster(name, transport, limits, new Cluster.Discovery.Eds(name), null);
  }

  static Cluster cluster(
      String name,
      UpstreamTransport transport,
      CircuitLimits limits,
      Cluster.Discovery discovery,
      @Nullable String source) {
    return new Cluster(
        name,
        discovery,
        new LbPolicy.LeastRequest(2),
        LbTuning.DEFAULT,
        Duration.ofSeconds(2),
        List.of(),
        transport,
        source,
        Cluster.HttpOptions.DEFAULT,
        limits,
        null,
        List.of(),
        null);
  }

  static Route route(String prefix, String cluster) {
    return Route.of(
        "default",
        RouteMatch.of(new PathMatch.Prefix(prefix, false)),
        RouteAction.Forward.to(cluster));
  }

  static Route route(String prefix, String cluster, Duration timeout, RetryPolicy retry) {
    return Route.of(
        "default",
        RouteMatch.of(new PathMatch.Prefix(prefix, false)),
        new RouteAction.Forward(
            new ClusterChoice.Single(cluster),
            PathRewrite.KEEP,
            HostRewrite.KEEP,
            timeout,
            null,
            null,
            retry,
            List.of(),
            List.of(),
            List.of()));
  }

  static Route route(String prefix, RouteAction action, HeaderEdits request, HeaderEdits response) {
    return new Route(
        "edited",
        RouteMatch.of(new PathMatch.Prefix(prefix, false)),
        action,
        request,
        response,
        "",
        List.of());
  }

  static RetryPolicy retries(int times, Set<RetryPolicy.Condition> on, List<Integer> codes) {
    return new RetryPolicy(
        times,
        on,
        codes,
        Duration.ZERO,
        true,
        false,
        5,
        Duration.ofMillis(1),
        Duration.ofMillis(2));
  }

  static HttpPipeline http(String table, List<HttpFilter> filters, List<AccessLog> logs) {
    return http(table, filters, logs, HttpPipeline.ForwardClientCert.SANITIZE, NO_TIMEOUTS);
  }

  static HttpPipeline http(
      String table,
      List<HttpFilter> filters,
      List<AccessLog> logs,
      HttpPipeline.ForwardClientCert xfcc,
      HttpPipeline.Timeouts timeouts) {
    return new HttpPipeline(
        "http",
        HttpPipeline.Codec.AUTO,
        new RouteSource.ByName(table),
        filters,
        logs,
        xfcc,
        new HttpPipeline.Forwarded(false, 0, false),
        new HttpPipeline.RequestId(true, true, false),
        "istio-envoy",
        HttpPipeline.ServerHeader.OVERWRITE,
        List.of("websocket"),
        timeouts,
        HttpPipeline.Http2.DEFAULT,
        HttpPipeline.PathNormalization.OFF,
        HttpPipeline.HeadRules.DEFAULT,
        null,
        0);
  }

  /** The same pipeline at the edge of the mesh. */
  static HttpPipeline edge(HttpPipeline p) {
    return with(new HttpPipeline.Forwarded(true, 0, false), p.heads(), p.paths(), p.upgrades(), p);
  }

  /** The same pipeline with other rules for heads. */
  static HttpPipeline heads(HttpPipeline.HeadRules heads, HttpPipeline p) {
    return with(p.forwarded(), heads, p.paths(), p.upgrades(), p);
  }

  /** The same pipeline with other rules for paths. */
  static HttpPipeline paths(HttpPipeline.PathNormalization paths, HttpPipeline p) {
    return with(p.forwarded(), p.heads(), paths, p.upgrades(), p);
  }

  /** The same pipeline with other upgrades that clients may ask for. */
  static HttpPipeline upgrading(HttpPipeline p, List<String> upgrades) {
    return with(p.forwarded(), p.heads(), p.paths(), upgrades, p);
  }

  private static HttpPipeline with(
      HttpPipeline.Forwarded forwarded,
      HttpPipeline.HeadRules heads,
      HttpPipeline.PathNormalization paths,
      List<String> upgrades,
      HttpPipeline p) {
    return new HttpPipeline(
        p.statPrefix(),
        p.codec(),
        p.routes(),
        p.filters(),
        p.accessLogs(),
        p.forwardClientCert(),
        forwarded,
        p.requestId(),
        p.serverName(),
        p.serverHeader(),
        upgrades,
        p.timeouts(),
        p.http2(),
        paths,
        heads,
        p.tracing(),
        p.maxRequestHeaderBytes());
  }

  static TcpPipeline tcp(String cluster, List<AccessLog> logs) {
    return new TcpPipeline(
        "tcp",
        new ClusterChoice.Single(cluster),
        false,
        Duration.ofHours(1),
        Duration.ZERO,
        1,
        false,
        logs,
        MetricRules.NONE,
        List.of());
  }

  /** A chain that takes every connection without TLS. */
  static FilterChain plainChain(String name, ChainMatch match, Pipeline pipeline) {
    return chain(name, match, new DownstreamTls.Plain(), pipeline);
  }

  static FilterChain chain(String name, ChainMatch match, DownstreamTls tls, Pipeline pipeline) {
    return new FilterChain(name, match, tls, pipeline, Duration.ZERO);
  }

  static Listener bound(
      String name,
      int port,
      Listener.Direction direction,
      ListenerFilters filters,
      FilterChain... chains) {
    return new Listener(
        name,
        List.of(new HostPort("127.0.0.1", port)),
        true,
        filters.originalDst(),
        direction,
        filters,
        FilterChainTable.of(List.of(chains)),
        null,
        List.of(),
        Duration.ZERO,
        false);
  }

  /** A listener of its own port with one chain and without TLS. */
  static Listener plain(String name, int port, Pipeline pipeline) {
    return bound(
        name,
        port,
        Listener.Direction.OUTBOUND,
        ListenerFilters.NONE,
        plainChain(name, ChainMatch.ANY, pipeline));
  }

  /** An access log of these operators, as JSON of strings. */
  static List<AccessLog> logs(String... operators) {
    List<LogFormat.Segment> segments = new ArrayList<>();
    segments.add(new Literal("{"));
    for (String operator : operators) {
      segments.add(new Literal("\"" + operator + "\":\""));
      int paren = operator.indexOf('(');
      segments.add(
          paren < 0
              ? new Operator(operator, "", null, 0)
              : new Operator(
                  operator.substring(0, paren),
                  operator.substring(paren + 1, operator.length() - 1).toLowerCase(),
                  null,
                  0));
      segments.add(new Literal("\","));
    }
    segments.add(new Literal("\"end\":\"\"}\n"));
    return List.of(
        new AccessLog("/dev/stdout", new LogFormat.Text(segments, false), List.of(), List.of()));
  }

  /** One listener of plain HTTP towards one cluster. */
  static Configs plainHttp(int listen, int... endpoints) {
    return new Configs()
        .cluster(cluster("app"), endpoints)
        .routes("table", route("/", "app"))
        .listener(plain("front", listen, http("table", OUTBOUND_FILTERS, List.of())));
  }
}
