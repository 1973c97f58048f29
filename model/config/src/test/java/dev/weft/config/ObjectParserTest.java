package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.NetworkId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ObjectParserTest {

  private static Map<String, Object> object(Map<String, Object> spec) {
    return Map.of(
        "metadata",
        Map.of(
            "name",
            "x",
            "namespace",
            "shop",
            "creationTimestamp",
            "2026-01-02T03:04:05Z",
            "generation",
            3),
        "spec",
        spec);
  }

  private static <T extends ConfigObject> T read(
      ConfigKind kind, Class<T> type, Map<String, Object> spec) {
    Parsed parsed = ObjectParser.parse(kind, object(spec));
    assertThat(parsed.diagnostics()).isEmpty();
    return type.cast(parsed.value().orElseThrow());
  }

  @Test
  void a_virtual_service_with_match_weights_fault_and_retries() {
    VirtualService vs =
        read(
            ConfigKind.VIRTUAL_SERVICE,
            VirtualService.class,
            Map.of(
                "hosts",
                List.of("reviews"),
                "http",
                List.of(
                    Map.of(
                        "match",
                        List.of(Map.of("headers", Map.of("end-user", Map.of("exact", "jason")))),
                        "fault",
                        Map.of(
                            "abort",
                            Map.of("httpStatus", 500, "percentage", Map.of("value", 12.5))),
                        "timeout",
                        "1.5s",
                        "retries",
                        Map.of("attempts", 3, "perTryTimeout", "200ms"),
                        "route",
                        List.of(
                            Map.of(
                                "destination",
                                Map.of(
                                    "host",
                                    "reviews",
                                    "subset",
                                    "v2",
                                    "port",
                                    Map.of("number", 9080)),
                                "weight",
                                90),
                            Map.of(
                                "destination",
                                Map.of("host", "reviews", "subset", "v3"),
                                "weight",
                                10))))));
    VirtualService.HttpRoute route = vs.http().getFirst();
    assertThat(vs.gateways()).containsExactly("mesh");
    assertThat(route.matches().getFirst().headers())
        .containsExactly(Map.entry("end-user", new StringMatch.Exact("jason")));
    assertThat(route.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(route.retries())
        .isEqualTo(new Retries(3, Duration.ofMillis(200), "", false, null, null));
    assertThat(route.fault())
        .isEqualTo(new VirtualService.Fault(null, new VirtualService.Fault.Abort(500, "", 12.5)));
    assertThat(route.action())
        .isInstanceOfSatisfying(
            VirtualService.HttpAction.Forward.class,
            f ->
                assertThat(f.destinations())
                    .extracting(
                        d -> d.destination().subset(), VirtualService.WeightedDestination::weight)
                    .containsExactly(tuple("v2", 90), tuple("v3", 10)));
  }

  @Test
  void a_destination_rule_with_locality_and_ports() {
    DestinationRule rule =
        read(
            ConfigKind.DESTINATION_RULE,
            DestinationRule.class,
            Map.of(
                "host",
                "cart",
                "trafficPolicy",
                Map.of(
                    "loadBalancer",
                    Map.of(
                        "simple",
                        "ROUND_ROBIN",
                        "localityLbSetting",
                        Map.of(
                            "enabled",
                            true,
                            "distribute",
                            List.of(Map.of("from", "r1/*", "to", Map.of("r1/*", 80, "r2/*", 20))))),
                    "outlierDetection",
                    Map.of("consecutive5xxErrors", 1, "interval", "1s"),
                    "portLevelSettings",
                    List.of(
                        Map.of("port", Map.of("number", 80), "tls", Map.of("mode", "DISABLE")))),
                "subsets",
                List.of(Map.of("name", "v1", "labels", Map.of("version", "v1")))));
    assertThat(rule.trafficPolicy().forPort(80).outlierDetection()).isNull();
    assertThat(rule.trafficPolicy().forPort(81).outlierDetection()).isNotNull();
    assertThat(rule.subsets().getFirst().labels()).containsEntry("version", "v1");
    assertThat(rule.meta().generation()).isEqualTo(3);
  }

  private static Map<String, Object> server(String mode, String key, String value) {
    return Map.of(
        "port",
        Map.of("number", 443, "name", "https-" + mode + key, "protocol", "HTTPS"),
        "hosts",
        List.of("shop.example"),
        "tls",
        Map.of("mode", mode, key, value));
  }

  @Test
  void tls_that_is_not_served_is_named_and_the_object_is_taken() {
    Parsed gateway =
        ObjectParser.parse(
            ConfigKind.GATEWAY,
            object(
                Map.of(
                    "servers",
                    List.of(
                        server("MUTUAL", "credentialName", "shop"),
                        server("ISTIO_MUTUAL", "minProtocolVersion", "TLSV1_0")))));
    assertThat(gateway.value()).isPresent();
    assertThat(gateway.diagnostics())
        .extracting(Diagnostic::code, Diagnostic::path)
        .containsExactly(tuple("gateway-tls-not-served", "spec.servers[1].tls.minProtocolVersion"));

    Parsed rule =
        ObjectParser.parse(
            ConfigKind.DESTINATION_RULE,
            object(
                Map.of(
                    "host",
                    "outside",
                    "trafficPolicy",
                    Map.of("tls", Map.of("mode", "SIMPLE", "credentialName", "shop")))));
    assertThat(rule.value()).isPresent();
    assertThat(rule.diagnostics())
        .extracting(Diagnostic::code, Diagnostic::path)
        .containsExactly(tuple("credential-of-gateways", "spec.trafficPolicy.tls.credentialName"));
  }

  @Test
  void who_uses_the_secret_of_a_rule_is_said_exactly() {
    Map<String, String> expected =
        Map.of(
            "SIMPLE",
            "gateways use the Secret; sidecars do not, and verify with the roots of the system",
            "MUTUAL",
            "gateways use the Secret; sidecars show no certificate, and verify",
            "ISTIO_MUTUAL",
            "mode ISTIO_MUTUAL uses no Secret",
            "DISABLE",
            "mode DISABLE uses no Secret");
    expected.forEach(
        (mode, message) -> {
          Map<String, Object> spec =
              new LinkedHashMap<>(
                  Map.of(
                      "host",
                      "outside",
                      "trafficPolicy",
                      Map.of("tls", Map.of("mode", mode, "credentialName", "shop"))));
          assertThat(ObjectParser.parse(ConfigKind.DESTINATION_RULE, object(spec)).diagnostics())
              .singleElement()
              .satisfies(d -> assertThat(d.message()).startsWith(message));
          spec.put("workloadSelector", Map.of("matchLabels", Map.of("app", "shop")));
          assertThat(ObjectParser.parse(ConfigKind.DESTINATION_RULE, object(spec)).diagnostics())
              .hasSize(mode.equals("SIMPLE") || mode.equals("MUTUAL") ? 0 : 1);
        });
  }

  @Test
  void what_is_asked_of_clients_of_a_gateway_is_read_and_checked() {
    String key = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    Map<String, Object> tls =
        new LinkedHashMap<>(
            Map.of(
                "mode",
                "MUTUAL",
                "credentialNames",
                List.of("shop", "other"),
                "caCertCredentialName",
                "offices",
                "verifyCertificateSpki",
                List.of(key)));
    Parsed good = server(tls);
    assertThat(good.diagnostics())
        .extracting(Diagnostic::code, Diagnostic::path)
        .containsExactly(tuple("gateway-tls-not-served", "spec.servers[0].tls.credentialNames"));
    assertThat(((GatewayConfig) good.value().orElseThrow()).servers().getFirst().tls())
        .satisfies(
            read -> {
              assertThat(read).isNotNull();
              assertThat(read.credentialName()).isEqualTo("shop");
              assertThat(read.clients())
                  .isEqualTo(
                      new GatewayConfig.ClientChecks("offices", "", List.of(key), List.of()));
            });

    tls.put("verifyCertificateHash", List.of("zz"));
    assertThat(server(tls).diagnostics())
        .extracting(Diagnostic::path)
        .contains("spec.servers[0].tls.verifyCertificateHash");
    tls.remove("verifyCertificateHash");
    tls.put("mode", "SIMPLE");
    assertThat(server(tls).diagnostics())
        .extracting(Diagnostic::path)
        .contains("spec.servers[0].tls.mode");
  }

  private static Parsed server(Map<String, Object> tls) {
    return ObjectParser.parse(
        ConfigKind.GATEWAY,
        object(
            Map.of(
                "servers",
                List.of(
                    Map.of(
                        "port",
                        Map.of("number", 443, "name", "https", "protocol", "HTTPS"),
                        "hosts",
                        List.of("shop.example.com"),
                        "tls",
                        tls)))));
  }

  @Test
  void a_gateway_without_clusters_is_one_that_the_mesh_runs_where_it_says_so() {
    assertThat(codes(Map.of(), Map.of())).containsExactly("gateway-without-cluster");
    Map<String, String> serverless = Map.of(IstioGatewaySpec.SERVERLESS, "true");
    assertThat(codes(serverless, Map.of())).isEmpty();
    assertThat(codes(serverless, Map.of("clusterIds", List.of("west"))))
        .containsExactly("gateway-without-cluster");
    assertThat(
            codes(
                Map.of(),
                Map.of(
                    "clusterIds",
                    List.of("west"),
                    "overrides",
                    Map.of("east", Map.of("replicaCount", 2)))))
        .containsExactly("gateway-override-unused");
  }

  private static List<String> codes(Map<String, String> annotations, Map<String, Object> spec) {
    return ObjectParser.parse(
            ConfigKind.ISTIO_GATEWAY,
            Map.of(
                "metadata",
                Map.of("name", "edge", "namespace", "istio-system", "annotations", annotations),
                "spec",
                spec))
        .diagnostics()
        .stream()
        .map(Diagnostic::code)
        .toList();
  }

  @Test
  void a_member_cluster_and_a_gateway_of_the_mesh() {
    MemberClusterSpec member =
        read(
            ConfigKind.MEMBER_CLUSTER,
            MemberClusterSpec.class,
            Map.of(
                "network",
                "network2",
                "crossClusterProxy",
                Map.of("enabled", true, "address", "47.1.1.1:15443")));
    assertThat(member.network()).isEqualTo(new NetworkId("network2"));
    assertThat(member.customAddress()).isEqualTo(new HostPort("47.1.1.1", 15443));
    IstioGatewaySpec gateway =
        read(
            ConfigKind.ISTIO_GATEWAY,
            IstioGatewaySpec.class,
            Map.of(
                "gatewayType", "cross-network",
                "clusterIds", List.of("west"),
                "replicaCount", 2,
                "ports", List.of(Map.of("name", "tls", "port", 15443)),
                "resources", Map.of("limits", Map.of("cpu", "1")),
                "overrides", Map.of("west", Map.of("replicaCount", 3))));
    assertThat(gateway.in(new ClusterId("west")).replicaCount()).isEqualTo(3);
    assertThat(gateway.in(new ClusterId("east")).replicaCount()).isEqualTo(2);
    assertThat(gateway.in(new ClusterId("west")).kubernetes()).containsKey("resources");
  }

  record Bad(ConfigKind kind, Map<String, Object> spec, String path, String message) {}

  static Stream<Bad> bad() {
    return Stream.of(
        new Bad(
            ConfigKind.VIRTUAL_SERVICE,
            Map.of("hosts", List.of("a")),
            "spec.http",
            "at least one route"),
        new Bad(
            ConfigKind.VIRTUAL_SERVICE,
            Map.of(
                "hosts",
                List.of("a"),
                "http",
                List.of(Map.of("match", List.of(Map.of("uri", Map.of("regex", "(")))))),
            "spec.http[0].match[0].uri.regex",
            "RE2"),
        new Bad(
            ConfigKind.VIRTUAL_SERVICE,
            Map.of(
                "hosts",
                List.of("a"),
                "http",
                List.of(
                    Map.of(
                        "route",
                        List.of(Map.of("destination", Map.of("host", "b"), "weight", -1))))),
            "spec.http[0].route[0].weight",
            "whole number"),
        new Bad(
            ConfigKind.DESTINATION_RULE,
            Map.of(
                "host",
                "a",
                "trafficPolicy",
                Map.of(
                    "loadBalancer",
                    Map.of(
                        "localityLbSetting",
                        Map.of(
                            "distribute", List.of(Map.of("from", "*", "to", Map.of("a", 60))))))),
            "spec.trafficPolicy.loadBalancer.localityLbSetting.distribute[0].to",
            "60"),
        new Bad(ConfigKind.MEMBER_CLUSTER, Map.of("network", "Net_1"), "spec.network", "DNS label"),
        new Bad(
            ConfigKind.MEMBER_CLUSTER,
            Map.of("crossClusterProxy", Map.of("address", "1.2.3.4")),
            "spec.crossClusterProxy.address",
            "host:port"),
        new Bad(
            ConfigKind.GATEWAY,
            Map.of("servers", List.of(Map.of("hosts", List.of("*")))),
            "spec.servers[0].port",
            "a port"),
        new Bad(
            ConfigKind.PEER_AUTHENTICATION,
            Map.of("portLevelMtls", Map.of("80", Map.of("mode", "STRICT"))),
            "spec.portLevelMtls",
            "selector"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void bad_objects_are_refused_with_the_field_named(Bad bad) {
    Parsed parsed = ObjectParser.parse(bad.kind(), object(bad.spec()));
    assertThat(parsed.value()).isEmpty();
    assertThat(parsed.diagnostics())
        .anyMatch(
            d ->
                d.severity() == Diagnostic.Severity.ERROR
                    && d.path().equals(bad.path())
                    && d.message().contains(bad.message()));
  }

  @Test
  void an_unknown_field_is_reported_and_the_rest_counts() {
    Parsed parsed =
        ObjectParser.parse(
            ConfigKind.PEER_AUTHENTICATION,
            object(Map.of("mtls", Map.of("mode", "STRICT"), "mtsl", Map.of())));
    assertThat(parsed.value()).isPresent();
    assertThat(parsed.diagnostics())
        .singleElement()
        .satisfies(d -> assertThat(d.path()).isEqualTo("spec.mtsl"));
  }
}
