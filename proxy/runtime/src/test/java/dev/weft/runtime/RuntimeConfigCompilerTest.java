package dev.weft.runtime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.ClusterChoice;
import dev.weft.routing.LbPolicy;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteTable;
import dev.weft.routing.StringMatch;
import dev.weft.xds.XdsType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RuntimeConfigCompilerTest {
  private static final String HTTPBIN = "outbound|8000||httpbin.default.svc.cluster.local";

  private static final Golden SLEEP = Golden.of("cross-network/two-networks/sleep");
  private static final Change OUTBOUND = SLEEP.listener("0.0.0.0_8000");
  private static final Change ROUTES = SLEEP.route("8000");
  private static final Change CLUSTER = SLEEP.cluster(HTTPBIN);
  private static final Change ENDPOINTS = SLEEP.endpoints(HTTPBIN);

  private static final Change AS_ISTIOD_WRITES_IT =
      Xds.listener(
          """
          {"name": "0.0.0.0_8000", "bindToPort": false, "trafficDirection": "OUTBOUND",
           "address": {"socketAddress": {"address": "0.0.0.0", "portValue": 8000}},
           "listenerFilters": [
             {"name": "envoy.filters.listener.tls_inspector",
              "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"}}],
           "continueOnListenerFiltersTimeout": true,
           "filterChains": [{"filters": [{
             "name": "envoy.filters.network.http_connection_manager",
             "typedConfig": {
               "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
               "statPrefix": "outbound_0.0.0.0_8000;",
               "rds": {"routeConfigName": "8000", "configSource": {"ads": {}, "initialFetchTimeout": "0s", "resourceApiVersion": "V3"}},
               "httpFilters": [
                 {"name": "istio.metadata_exchange", "typedConfig": {
                   "@type": "type.googleapis.com/udpa.type.v1.TypedStruct",
                   "typeUrl": "type.googleapis.com/io.istio.http.peer_metadata.Config",
                   "value": {"upstream_discovery": [{"istio_headers": {}}, {"workload_discovery": {}}],
                             "upstream_propagation": [{"istio_headers": {"skip_external_clusters": true}}]}}},
                 {"name": "envoy.filters.http.fault", "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault"}},
                 {"name": "istio.stats", "typedConfig": {
                   "@type": "type.googleapis.com/udpa.type.v1.TypedStruct",
                   "typeUrl": "type.googleapis.com/stats.PluginConfig", "value": {}}},
                 {"name": "envoy.filters.http.router", "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}],
               "accessLog": [{"name": "envoy.access_loggers.file", "typedConfig": {
                 "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
                 "path": "/dev/stdout",
                 "logFormat": {"textFormatSource": {"inlineString": "{\\"m\\":\\"%REQ(:METHOD)%\\"}\\n"}}}}],
               "tracing": {"clientSampling": {"value": 100}, "overallSampling": {"value": 100}, "randomSampling": {"value": 1}},
               "streamIdleTimeout": "0s", "upgradeConfigs": [{"upgradeType": "websocket"}],
               "useRemoteAddress": false, "normalizePath": true,
               "requestIdExtension": {}, "pathWithEscapedSlashesAction": "KEEP_UNCHANGED"}}]}]}
          """);

  @Test
  void the_client_sidecar_of_a_cross_network_call_is_compiled() {
    Compiled compiled =
        RuntimeConfigCompiler.compile(
            RuntimeConfig.EMPTY, List.of(OUTBOUND, ROUTES, CLUSTER, ENDPOINTS));

    assertThat(compiled.rejections()).isEmpty();
    RuntimeConfig config = compiled.config();
    Listener listener = requireNonNull(config.captured().find("192.168.34.12", 8000));
    assertThat(listener.filters().tls().on()).isTrue();
    HttpPipeline http = (HttpPipeline) listener.chains().chains().getFirst().pipeline();
    assertThat(http.filters())
        .containsExactly(
            new HttpFilter.PeerMetadata(false, true, true, false),
            new HttpFilter.GrpcStats(),
            new HttpFilter.IstioAlpn(
                Map.of(
                    "http/1.0", List.of("istio-http/1.0", "istio", "http/1.0"),
                    "http/1.1", List.of("istio-http/1.1", "istio", "http/1.1"),
                    "h2", List.of("istio-h2", "istio", "h2"))),
            new HttpFilter.Fault(),
            new HttpFilter.Cors(),
            new HttpFilter.IstioStats(MetricRules.NONE),
            new HttpFilter.Router(false));
    assertThat(http.upgrades()).containsExactly("websocket");

    RouteTable table = requireNonNull(config.routesOf(http));
    Route route = table.virtualHosts().getFirst().routes().getFirst();
    RouteAction.Forward forward = (RouteAction.Forward) route.action();
    assertThat(forward.clusters()).isEqualTo(new ClusterChoice.Single(HTTPBIN));
    assertThat(forward.timeout()).isEqualTo(Duration.ZERO);
    assertThat(forward.retry().retries()).isEqualTo(2);
    assertThat(forward.retry().previousHosts()).isTrue();

    Cluster cluster = requireNonNull(config.clusters().get(HTTPBIN));
    assertThat(cluster.lbPolicy()).isEqualTo(new LbPolicy.LeastRequest(2));
    var endpoint =
        requireNonNull(config.assignmentOf(cluster)).groups().getFirst().endpoints().getFirst();
    assertThat(endpoint.workload()).isEqualTo(";;;;ack2");
    UpstreamTransport.Tls tls = (UpstreamTransport.Tls) cluster.transportFor(endpoint);
    assertThat(tls.sni()).isEqualTo("outbound_.8000_._.httpbin.default.svc.cluster.local");
    assertThat(tls.trust())
        .isEqualTo(
            new PeerTrust.Secret(
                "ROOTCA",
                PeerRules.names(
                    List.of(
                        new StringMatch.Exact(
                            "spiffe://cluster.local/ns/default/sa/httpbin", false)))));
    assertThat(cluster.services())
        .containsExactly(
            new Cluster.ServiceName("httpbin.default.svc.cluster.local", "httpbin", "default"));
  }

  /** With filters of Istio's own, and discovery that our control plane asks nobody for. */
  @Test
  void a_listener_of_another_control_plane_is_compiled() {
    Compiled compiled =
        RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, List.of(AS_ISTIOD_WRITES_IT));

    assertThat(compiled.rejections()).isEmpty();
    HttpPipeline http =
        (HttpPipeline)
            requireNonNull(compiled.config().listeners().get("0.0.0.0_8000"))
                .chains()
                .chains()
                .getFirst()
                .pipeline();
    assertThat(http.filters())
        .containsExactly(
            new HttpFilter.PeerMetadata(false, true, true, false),
            new HttpFilter.Fault(),
            new HttpFilter.IstioStats(MetricRules.NONE),
            new HttpFilter.Router(false));
    assertThat(http.upgrades()).containsExactly("websocket");
  }

  /** Of an Envoy that has certificates in files, other than our proxy is told of them. */
  private static final String FILES_OF_ENVOY = "gateway/ingress/ingressgateway";

  static List<String> proxies() throws IOException {
    return Golden.proxies().stream().filter(proxy -> !proxy.equals(FILES_OF_ENVOY)).toList();
  }

  @ParameterizedTest
  @MethodSource("proxies")
  void what_the_control_plane_sends_is_compiled(String proxy) {
    assertThat(
            RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, Golden.of(proxy).all()).rejections())
        .isEmpty();
  }

  @Test
  void what_did_not_change_is_the_same_object() {
    RuntimeConfig first =
        RuntimeConfigCompiler.compile(
                RuntimeConfig.EMPTY, List.of(OUTBOUND, ROUTES, CLUSTER, ENDPOINTS))
            .config();
    RuntimeConfig second =
        RuntimeConfigCompiler.compile(
                first,
                List.of(OUTBOUND, CLUSTER, Xds.endpoints("{\"clusterName\": \"" + HTTPBIN + "\"}")))
            .config();

    assertThat(second.listeners()).isSameAs(first.listeners());
    assertThat(second.routeTables()).isSameAs(first.routeTables());
    assertThat(second.clusters()).isSameAs(first.clusters());
    assertThat(second.captured()).isSameAs(first.captured());
    assertThat(second.assignments()).isNotEqualTo(first.assignments());
  }

  @Test
  void a_resource_with_something_unsupported_is_refused_by_name_and_the_last_good_one_stays() {
    RuntimeConfig first =
        RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, List.of(CLUSTER)).config();
    Compiled second =
        RuntimeConfigCompiler.compile(
            first,
            List.of(
                Xds.cluster(
                    "{\"name\": \""
                        + HTTPBIN
                        + "\", \"type\": \"EDS\", \"healthChecks\": [{\"timeout\": \"1s\"}]}"),
                ENDPOINTS));

    assertThat(second.config().clusters().get(HTTPBIN)).isSameAs(first.clusters().get(HTTPBIN));
    assertThat(second.config().assignments()).containsKey(HTTPBIN);
    assertThat(second.rejections())
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.type()).isEqualTo(XdsType.CLUSTER);
              assertThat(r.resource()).isEqualTo(HTTPBIN);
              assertThat(r.field()).isEqualTo("health_checks");
            });
  }

  @Test
  void an_unknown_http_filter_names_its_place() {
    Compiled compiled =
        RuntimeConfigCompiler.compile(
            RuntimeConfig.EMPTY,
            List.of(
                Xds.listener(
                    """
                    {"name": "l", "address": {"socketAddress": {"address": "0.0.0.0", "portValue": 1}},
                     "filterChains": [{"filters": [{"name": "x", "typedConfig": {
                       "@type": "type.googleapis.com/udpa.type.v1.TypedStruct",
                       "typeUrl": "type.googleapis.com/acme.Thing"}}]}]}
                    """)));

    assertThat(compiled.rejections().getFirst())
        .hasToString(
            "LDS l: filter_chains[0].filters[0].typed_config: network filter acme.Thing is not"
                + " supported");
  }

  private static final String MANAGER =
      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

  private static Compiled listener(String more) {
    return RuntimeConfigCompiler.compile(
        RuntimeConfig.EMPTY,
        List.of(
            Xds.listener(
                "{\"name\": \"l\", \"address\": {\"socketAddress\": {\"address\": \"0.0.0.0\","
                    + " \"portValue\": 1}}, "
                    + more
                    + "}")));
  }

  private static Compiled http(String more) {
    return listener(
        "\"filterChains\": [{\"filters\": [{\"name\": \"x\", \"typedConfig\": {\"@type\": \""
            + MANAGER
            + "\", \"rds\": {\"routeConfigName\": \"80\"}, \"httpFilters\": [{\"name\": \"r\","
            + " \"typedConfig\": {\"@type\":"
            + " \"type.googleapis.com/envoy.extensions.filters.http.router.v3.Router\"}}], "
            + more
            + "}}]}]");
  }

  @Test
  void what_is_not_carried_out_is_refused_by_name() {
    assertThat(
            listener(
                    "\"listenerFilters\": [{\"name\":"
                        + " \"envoy.filters.listener.proxy_protocol\"}]")
                .rejections()
                .getFirst()
                .toString())
        .contains("proxy_protocol is not supported");
    assertThat(
            http("\"httpProtocolOptions\": {\"headerKeyFormat\": {\"properCaseWords\": {}}}")
                .rejections()
                .getFirst()
                .toString())
        .contains("proper_case_words");
    assertThat(
            http("\"commonHttpProtocolOptions\": {\"maxHeadersCount\": 5000}")
                .rejections()
                .getFirst()
                .toString())
        .contains("max_headers_count", "1-1000");
    Compiled ring =
        RuntimeConfigCompiler.compile(
            RuntimeConfig.EMPTY,
            List.of(
                Xds.cluster(
                    "{\"name\": \"c\", \"type\": \"EDS\", \"lbPolicy\": \"RING_HASH\","
                        + " \"ringHashLbConfig\": {\"hashFunction\": \"MURMUR_HASH_2\"}}")));
    assertThat(ring.rejections().getFirst().field()).contains("hash_function");
  }

  /** What is written, and the field that the refusal names. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "listener | 'socketOptions': [{'level': 1, 'name': 9, 'intValue': 1}] | socket_options",
        "http | 'addUserAgent': true | add_user_agent",
        "http | 'internalAddressConfig': {'unixSockets': true} | internal_address_config",
        "http | 'commonHttpProtocolOptions': {'maxConnectionDuration': '5s'} | max_connection_duration",
        "http | 'http2ProtocolOptions': {'connectionKeepalive': {'interval': '5s'}} | connection_keepalive",
        "http | 'httpProtocolOptions': {'defaultHostForHttp10': 'a'} | default_host_for_http_10",
        "http | 'setCurrentClientCertDetails': {'chain': true} | chain",
        "cluster | 'dnsLookupFamily': 'V6_ONLY' | dns_lookup_family",
        "cluster | 'useTcpForDnsLookups': true | use_tcp_for_dns_lookups",
        "cluster | 'commonLbConfig': {'closeConnectionsOnHostSetChange': true} | close_connections_on_host_set_change",
        "cluster | 'circuitBreakers': {'thresholds': [{'maxConnectionPools': 1}]} | max_connection_pools",
      })
  void what_would_change_requests_is_not_ignored(String where, String written, String field) {
    String json = written.replace('\'', '"');
    Compiled compiled =
        switch (where) {
          case "listener" ->
              listener(
                  json
                      + ", \"filterChains\": [{\"filters\": [{\"name\": \"x\", \"typedConfig\":"
                      + " {\"@type\": \"type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy\","
                      + " \"cluster\": \"c\"}}]}]");
          case "http" -> http(json);
          default ->
              RuntimeConfigCompiler.compile(
                  RuntimeConfig.EMPTY,
                  List.of(
                      Xds.cluster("{\"name\": \"c\", \"type\": \"STRICT_DNS\", " + json + "}")));
        };
    assertThat(compiled.rejections()).hasSize(1);
    assertThat(compiled.rejections().getFirst().field()).endsWith(field);
  }

  @Test
  void rules_for_heads_are_taken_over() {
    Compiled compiled =
        http(
            "\"commonHttpProtocolOptions\": {\"maxHeadersCount\": 7,"
                + " \"headersWithUnderscoresAction\": \"DROP_HEADER\"}");
    assertThat(compiled.rejections()).isEmpty();
    assertThat(
            Objects.requireNonNull(compiled.config().listeners().get("l"))
                .chains()
                .chains()
                .getFirst()
                .pipeline())
        .isInstanceOfSatisfying(
            HttpPipeline.class,
            p ->
                assertThat(p.heads())
                    .isEqualTo(
                        new HttpPipeline.HeadRules(7, HttpPipeline.Underscores.DROP_HEADER)));
  }

  @Test
  void bytes_that_are_no_message_are_refused_and_nothing_else_happens() {
    Compiled compiled =
        RuntimeConfigCompiler.compile(
            RuntimeConfig.EMPTY,
            List.of(new Change.Set(XdsType.CLUSTER, "bad", new byte[] {0x0a, 0x7f, 1})));

    assertThat(compiled.rejections()).hasSize(1);
    assertThat(compiled.config().clusters()).isEmpty();
  }

  @Test
  void bytes_are_balanced_by_the_clients_address_where_asked_and_by_nothing_else() {
    assertThat(rejections(hashed("\"sourceIp\": {}"))).isEmpty();
    assertThat(rejections(hashed("\"filterState\": {\"key\": \"k\"}")))
        .singleElement()
        .satisfies(r -> assertThat(r.field()).endsWith("hash_policy[0].policy_specifier"));
  }

  private static Change hashed(String policy) {
    return Xds.listener(
        """
        {"name": "l", "address": {"socketAddress": {"address": "0.0.0.0", "portValue": 9000}},
         "filterChains": [{"filters": [{"name": "tcp", "typedConfig": {
           "@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
           "statPrefix": "x", "cluster": "x", "hashPolicy": [{%s}]}}]}]}
        """
            .formatted(policy));
  }

  @Test
  void only_what_is_dialled_can_be_chosen_by_the_one_who_dials() {
    assertThat(
            rejections(
                Xds.cluster(
                    """
                    {"name": "x", "type": "EDS", "lbPolicy": "CLUSTER_PROVIDED",
                     "edsClusterConfig": {"edsConfig": {"ads": {}}}}
                    """)))
        .extracting(Rejection::field)
        .containsExactly("lb_policy");
    assertThat(
            rejections(
                Xds.cluster(
                    """
                    {"name": "x", "type": "ORIGINAL_DST", "lbPolicy": "CLUSTER_PROVIDED"}
                    """)))
        .isEmpty();
  }

  private static List<Rejection> rejections(Change change) {
    return RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, List.of(change)).rejections();
  }
}
