package dev.weft.server;

import dev.weft.routing.Cidr;
import dev.weft.routing.CircuitLimits;
import dev.weft.routing.Endpoint;
import dev.weft.routing.RetryPolicy;
import dev.weft.routing.StringMatch;
import dev.weft.runtime.ChainMatch;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.DownstreamTls;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.FilterChainTable;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.ListenerFilters;
import dev.weft.runtime.PeerRules;
import dev.weft.runtime.PeerTrust;
import dev.weft.runtime.TlsParameters;
import dev.weft.runtime.UpstreamTransport;
import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Ports;
import dev.weft.types.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A sidecar, a cross-cluster gateway and the sidecar of a server; closed after each test. */
final class MeshPath implements AfterEachCallback {
  static final String SNI = "outbound_.8000_._.httpbin.default.svc.cluster.local";
  static final String CLUSTER = "outbound|8000||httpbin.default.svc.cluster.local";
  static final String SLEEP = "spiffe://cluster.local/ns/default/sa/sleep";
  static final String HTTPBIN = "spiffe://cluster.local/ns/default/sa/httpbin";
  static final List<String> ISTIO_ALPN =
      List.of("istio", "istio-peer-exchange", "istio-http/1.0", "istio-http/1.1", "istio-h2");

  final Pki pki = new Pki();
  final Pki.Identity sleep = pki.identity(SLEEP);
  final Pki.Identity httpbin = pki.identity(HTTPBIN);
  final Proxies.Lines clientLogs = new Proxies.Lines();
  final Proxies.Lines gatewayLogs = new Proxies.Lines();
  final Proxies.Lines serverLogs = new Proxies.Lines();
  final int outboundPort = Ports.free();
  final int gatewayPort = Ports.free();
  final int inboundPort = Ports.free();
  final List<ProxyServer> started = new ArrayList<>();

  /** How long gateways wait for a client hello. */
  Duration helloTime = Duration.ofMinutes(1);

  @Override
  public void afterEach(ExtensionContext context) {
    started.forEach(ProxyServer::close);
  }

  static UpstreamTransport mutualTls(String... names) {
    List<StringMatch> expected = new ArrayList<>();
    for (String name : names) {
      expected.add(new StringMatch.Exact(name, false));
    }
    return new UpstreamTransport.Tls(
        SNI,
        false,
        List.of("istio-peer-exchange", "istio"),
        "default",
        new PeerTrust.Secret("ROOTCA", PeerRules.names(expected)),
        false,
        TlsParameters.DEFAULT);
  }

  ProxyServer sidecar(UpstreamTransport transport, int endpoint) {
    return sidecar(
        Configs.cluster(CLUSTER, transport, CircuitLimits.UNLIMITED),
        List.of(Endpoint.of(new HostPort("127.0.0.1", endpoint))));
  }

  ProxyServer sidecar(Cluster cluster, List<Endpoint> endpoints) {
    return sidecar(cluster, endpoints, RetryPolicy.NONE);
  }

  ProxyServer sidecar(Cluster cluster, List<Endpoint> endpoints, RetryPolicy retries) {
    ProxyServer proxy =
        Proxies.start(
            ProxySettings.ofLoops(1).withPeerMetadata("sidecar~sleep", "c2xlZXA="),
            sleep,
            clientLogs,
            c -> null);
    started.add(proxy);
    proxy.apply(
        new Configs()
            .cluster(asClient(cluster))
            .endpoints(CLUSTER, endpoints)
            .routes("8000", Configs.route("/", CLUSTER, Duration.ZERO, retries))
            .listener(
                Configs.plain(
                    "0.0.0.0_8000",
                    outboundPort,
                    Configs.http(
                        "8000",
                        Configs.OUTBOUND_FILTERS,
                        Configs.logs(
                            "REQ(:AUTHORITY)",
                            "RESPONSE_CODE",
                            "RESPONSE_FLAGS",
                            "UPSTREAM_CLUSTER",
                            "UPSTREAM_HOST",
                            "UPSTREAM_TRANSPORT_FAILURE_REASON",
                            "RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)"))))
            .build());
    return proxy;
  }

  ProxyServer gateway(int... endpoints) {
    return gatewayAt(gatewayPort, endpoints);
  }

  ProxyServer gatewayAt(int port, int... endpoints) {
    ProxyServer proxy =
        Proxies.start(
            ProxySettings.ofLoops(1), pki.identity("spiffe://c/ns/g/sa/g"), gatewayLogs, c -> null);
    started.add(proxy);
    FilterChain passthrough =
        Configs.chain(
            SNI,
            new ChainMatch(
                0, List.<Cidr>of(), List.of(SNI, "*." + SNI), "", ISTIO_ALPN, List.<Cidr>of()),
            new DownstreamTls.Plain(),
            Configs.tcp(
                SNI,
                Configs.logs(
                    "REQUESTED_SERVER_NAME",
                    "UPSTREAM_CLUSTER",
                    "UPSTREAM_HOST",
                    "RESPONSE_CODE",
                    "PROTOCOL",
                    "RESPONSE_FLAGS")));
    proxy.apply(
        new Configs()
            .cluster(Configs.cluster(SNI), endpoints)
            .listener(
                new Listener(
                    "0.0.0.0_15443",
                    List.of(new HostPort("127.0.0.1", port)),
                    true,
                    false,
                    Listener.Direction.UNSPECIFIED,
                    new ListenerFilters(
                        false, ListenerFilters.Inspector.ON, ListenerFilters.Inspector.OFF),
                    FilterChainTable.of(List.of(passthrough)),
                    null,
                    Configs.logs(
                        "RESPONSE_FLAGS", "RESPONSE_CODE_DETAILS", "REQUESTED_SERVER_NAME"),
                    helloTime,
                    false))
            .build());
    return proxy;
  }

  /** The server's sidecar: PERMISSIVE HTTP, as istiod writes it. */
  ProxyServer inbound(int appPort) {
    return inbound(appPort, inboundPort);
  }

  ProxyServer inbound(int appPort, int port) {
    InetSocketAddress original = new InetSocketAddress(InetAddress.getLoopbackAddress(), appPort);
    ProxyServer proxy =
        Proxies.start(
            ProxySettings.ofLoops(1).withPeerMetadata("sidecar~httpbin", "aHR0cGJpbg=="),
            httpbin,
            serverLogs,
            c -> original);
    started.add(proxy);
    HttpPipeline http =
        Configs.http(
            "inbound",
            Configs.INBOUND_FILTERS,
            Configs.logs(
                "DOWNSTREAM_LOCAL_ADDRESS",
                "UPSTREAM_HOST",
                "DOWNSTREAM_PEER_URI_SAN",
                "DOWNSTREAM_LOCAL_URI_SAN"),
            new HttpPipeline.ForwardClientCert(
                HttpPipeline.ForwardClientCert.Mode.APPEND_FORWARD, true, true, true, true),
            Configs.http("x", List.of(), List.of()).timeouts());
    DownstreamTls terminate =
        new DownstreamTls.Terminate(
            "default",
            new PeerTrust.Secret("ROOTCA", PeerRules.NONE),
            true,
            List.of("istio-peer-exchange", "h2", "http/1.1", "istio-http/1.1"),
            TlsParameters.DEFAULT);
    String name = "inbound|" + appPort + "||";
    proxy.apply(
        new Configs()
            .cluster(
                asClient(
                    Configs.cluster(
                        name,
                        new UpstreamTransport.Plain(),
                        CircuitLimits.UNLIMITED,
                        new Cluster.Discovery.OriginalDst(),
                        "127.0.0.6")))
            .routes("inbound", Configs.route("/", name))
            .listener(
                Configs.bound(
                    "virtualInbound",
                    port,
                    Listener.Direction.INBOUND,
                    new ListenerFilters(
                        true, ListenerFilters.Inspector.ON, ListenerFilters.Inspector.ON),
                    Configs.chain(
                        "mtls",
                        new ChainMatch(appPort, List.of(), List.of(), "tls", ISTIO_ALPN, List.of()),
                        terminate,
                        http),
                    Configs.chain(
                        "plain",
                        new ChainMatch(
                            appPort, List.of(), List.of(), "raw_buffer", List.of(), List.of()),
                        new DownstreamTls.Plain(),
                        http)))
            .build());
    return proxy;
  }

  /** As clusters are of ports whose protocol is not declared. */
  private static Cluster asClient(Cluster cluster) {
    return Configs.speaking(Cluster.Protocol.DOWNSTREAM, cluster);
  }
}
