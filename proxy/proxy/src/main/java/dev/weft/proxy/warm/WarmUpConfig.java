package dev.weft.proxy.warm;

import dev.weft.routing.CircuitLimits;
import dev.weft.routing.ClusterChoice;
import dev.weft.routing.Endpoint;
import dev.weft.routing.LbPolicy;
import dev.weft.routing.LbTuning;
import dev.weft.routing.LoadAssignment;
import dev.weft.routing.PathMatch;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteMatch;
import dev.weft.routing.RouteTable;
import dev.weft.routing.StringMatch;
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
import dev.weft.runtime.LogFormatParser;
import dev.weft.runtime.MetricRules;
import dev.weft.runtime.NameTable;
import dev.weft.runtime.PeerRules;
import dev.weft.runtime.PeerTrust;
import dev.weft.runtime.Pipeline;
import dev.weft.runtime.RouteSource;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.SecretName;
import dev.weft.runtime.TcpPipeline;
import dev.weft.runtime.TlsParameters;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mesh on loopback, in the three parts that a proxy plays: a client's sidecar, a gateway that
 * passes on bytes by their SNI, and a server's sidecar, before an application that always answers
 * alike. It has the filters, the log and the transports of Istio's sidecars.
 */
final class WarmUpConfig {
  /** What is asked for over HTTP/1.1, and over HTTP/2, from the client's sidecar on. */
  static final List<String> PATHS = List.of("/1", "/2");

  static final String ANSWER = "warm";

  private static final String CLIENT = "client";
  private static final String GATEWAY = "gateway";
  private static final String SERVER = "server";
  private static final String APPLICATION = "application";
  private static final String SNI = "outbound_.80_._.warm.up.local";

  /** So that there are some handshakes. */
  private static final int REQUESTS_PER_CONNECTION = 10;

  private static final Duration LONG = Duration.ofSeconds(10);

  private WarmUpConfig() {}

  /** Where the parts listen, on 127.0.0.1. */
  record Ports(int client, int gateway, int server, int application) {}

  /**
   * All of it.
   *
   * @param uri the SPIFFE id of both sidecars
   */
  static RuntimeConfig of(Ports ports, String uri) {
    Map<String, Listener> listeners =
        named(
            Listener::name,
            listener(
                CLIENT, ports.client, Listener.Direction.OUTBOUND, ListenerFilters.NONE, client()),
            listener(
                GATEWAY,
                ports.gateway,
                Listener.Direction.UNSPECIFIED,
                new ListenerFilters(
                    false, ListenerFilters.Inspector.ON, ListenerFilters.Inspector.OFF),
                gateway()),
            listener(
                SERVER, ports.server, Listener.Direction.INBOUND, ListenerFilters.NONE, server()),
            listener(
                APPLICATION,
                ports.application,
                Listener.Direction.UNSPECIFIED,
                ListenerFilters.NONE,
                chain(
                    new DownstreamTls.Plain(),
                    http(APPLICATION, List.of(new HttpFilter.Router(false))))));
    Map<String, RouteTable> tables =
        named(
            RouteTable::name,
            table(CLIENT, to("/1", "1"), to("/2", "2")),
            table(SERVER, to("/", APPLICATION)),
            table(
                APPLICATION,
                Route.of("default", at("/"), new RouteAction.DirectResponse(200, ANSWER))));
    Map<String, Cluster> clusters =
        named(
            Cluster::name,
            cluster("1", Cluster.Protocol.HTTP1, mutual(uri)),
            cluster("2", Cluster.Protocol.HTTP2, mutual(uri)),
            cluster(SERVER, Cluster.Protocol.HTTP1, new UpstreamTransport.Plain()),
            cluster(APPLICATION, Cluster.Protocol.HTTP1, new UpstreamTransport.Plain()));
    Map<String, LoadAssignment> assignments =
        named(
            LoadAssignment::name,
            endpoint("1", ports.gateway),
            endpoint("2", ports.gateway),
            endpoint(SERVER, ports.server),
            endpoint(APPLICATION, ports.application));
    return new RuntimeConfig(
        listeners,
        tables,
        Map.of(),
        clusters,
        assignments,
        Map.of(),
        Map.of(),
        NameTable.NONE,
        ListenerTable.of(listeners),
        1);
  }

  @SafeVarargs
  private static <T> Map<String, T> named(Function<T, String> name, T... values) {
    return Stream.of(values).collect(Collectors.toUnmodifiableMap(name, v -> v));
  }

  private static Listener listener(
      String name,
      int port,
      Listener.Direction direction,
      ListenerFilters filters,
      FilterChain chain) {
    return new Listener(
        name,
        List.of(new HostPort("127.0.0.1", port)),
        true,
        false,
        direction,
        filters,
        FilterChainTable.of(List.of(chain)),
        null,
        List.of(),
        LONG,
        false);
  }

  private static FilterChain client() {
    return chain(
        new DownstreamTls.Plain(),
        http(
            CLIENT,
            List.of(
                new HttpFilter.PeerMetadata(false, true, true, false),
                new HttpFilter.IstioAlpn(
                    Map.of(
                        "http/1.1", List.of("istio-http/1.1", "istio", "http/1.1"),
                        "h2", List.of("istio-h2", "istio", "h2"))),
                new HttpFilter.Fault(),
                new HttpFilter.Cors(),
                new HttpFilter.IstioStats(MetricRules.NONE),
                new HttpFilter.Router(false))));
  }

  private static FilterChain gateway() {
    TcpPipeline bytes =
        new TcpPipeline(
            GATEWAY,
            new ClusterChoice.Single(SERVER),
            false,
            LONG,
            Duration.ZERO,
            1,
            false,
            logs(),
            MetricRules.NONE,
            List.of());
    return new FilterChain(
        GATEWAY,
        new ChainMatch(0, List.of(), List.of(SNI), "tls", List.of(), List.of()),
        new DownstreamTls.Plain(),
        bytes,
        LONG);
  }

  private static FilterChain server() {
    return chain(
        new DownstreamTls.Terminate(
            SecretName.OWN,
            new PeerTrust.Secret(SecretName.MESH_ROOTS, PeerRules.NONE),
            true,
            List.of("h2", "http/1.1"),
            TlsParameters.DEFAULT),
        http(
            SERVER,
            List.of(
                new HttpFilter.PeerMetadata(true, false, false, true),
                new HttpFilter.Fault(),
                new HttpFilter.Cors(),
                new HttpFilter.IstioStats(MetricRules.NONE),
                new HttpFilter.Router(false))));
  }

  private static FilterChain chain(DownstreamTls tls, Pipeline pipeline) {
    return new FilterChain("", ChainMatch.ANY, tls, pipeline, LONG);
  }

  private static HttpPipeline http(String table, List<HttpFilter> filters) {
    return new HttpPipeline(
        table,
        HttpPipeline.Codec.AUTO,
        new RouteSource.ByName(table),
        filters,
        logs(),
        new HttpPipeline.ForwardClientCert(
            HttpPipeline.ForwardClientCert.Mode.APPEND_FORWARD, true, false, true, true),
        new HttpPipeline.Forwarded(false, 0, false),
        new HttpPipeline.RequestId(true, true, false),
        "istio-envoy",
        HttpPipeline.ServerHeader.OVERWRITE,
        List.of("websocket"),
        new HttpPipeline.Timeouts(
            Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO),
        HttpPipeline.Http2.DEFAULT,
        HttpPipeline.PathNormalization.OFF,
        HttpPipeline.HeadRules.DEFAULT,
        null,
        0);
  }

  private static List<AccessLog> logs() {
    return List.of(
        new AccessLog(
            "/dev/stdout",
            new LogFormat.Text(LogFormatParser.parse(LogFormatParser.DEFAULT), false),
            List.of(),
            List.of()));
  }

  private static RouteTable table(String name, Route... routes) {
    return RouteTable.of(
        name,
        true,
        List.of(new VirtualHost("all", List.of("*"), List.of(routes), false, false, false)));
  }

  private static Route to(String prefix, String cluster) {
    return Route.of("default", at(prefix), RouteAction.Forward.to(cluster));
  }

  private static RouteMatch at(String prefix) {
    return RouteMatch.of(new PathMatch.Prefix(prefix, false));
  }

  private static UpstreamTransport mutual(String uri) {
    return new UpstreamTransport.Tls(
        SNI,
        false,
        List.of("istio-peer-exchange", "istio"),
        SecretName.OWN,
        new PeerTrust.Secret(
            SecretName.MESH_ROOTS, PeerRules.names(List.of(new StringMatch.Exact(uri, false)))),
        false,
        TlsParameters.DEFAULT);
  }

  private static Cluster cluster(
      String name, Cluster.Protocol protocol, UpstreamTransport transport) {
    return new Cluster(
        name,
        new Cluster.Discovery.Eds(name),
        new LbPolicy.LeastRequest(2),
        LbTuning.DEFAULT,
        LONG,
        List.of(),
        transport,
        null,
        new Cluster.HttpOptions(protocol, REQUESTS_PER_CONNECTION, LONG, Duration.ZERO, 0),
        CircuitLimits.UNLIMITED,
        null,
        List.of(),
        null);
  }

  private static LoadAssignment endpoint(String cluster, int port) {
    return new LoadAssignment(
        cluster,
        List.of(
            new LoadAssignment.Group(
                new Locality("", "", ""),
                0,
                1,
                List.of(Endpoint.of(new HostPort("127.0.0.1", port))))),
        LoadAssignment.DEFAULT_OVERPROVISIONING);
  }
}
