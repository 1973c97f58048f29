package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.config.ConfigKind;
import dev.weft.config.Diagnostic;
import dev.weft.config.Diagnostic.Severity;
import dev.weft.config.ObjectParser;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Istio's validation refuses is refused, with the field. One case for each rule of Istio's
 * pkg/config/validation that is about the kinds that have effect here.
 */
class RefusedAsInIstioTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String TO = "route: [{destination: {host: web}}]";

  /**
   * @param field that is named, or a field that it stands in
   */
  private record Case(ConfigKind kind, String name, String spec, String field) {
    @Override
    public String toString() {
      return kind.kind() + " " + spec;
    }
  }

  private static Case routes(String spec, String field) {
    return new Case(ConfigKind.VIRTUAL_SERVICE, "x", spec, field);
  }

  private static Case http(String route, String field) {
    return routes("hosts: [web], http: [{" + route + "}]", "http[0]." + field);
  }

  private static Case match(String match, String field) {
    return http("match: [{" + match + "}], " + TO, "match[0]." + field);
  }

  private static Case cors(String cors, String field) {
    return http("corsPolicy: {" + cors + "}, " + TO, "corsPolicy." + field);
  }

  private static Case to(String destination, String field) {
    return http("route: [{destination: {" + destination + "}}]", "route[0].destination." + field);
  }

  private static Case policy(String policy, String field) {
    return rule("host: web, trafficPolicy: {" + policy + "}", "trafficPolicy." + field);
  }

  private static Case balanced(String balancer, String field) {
    return policy("loadBalancer: {" + balancer + "}", "loadBalancer." + field);
  }

  private static Case pool(String pool, String field) {
    return policy("connectionPool: {" + pool + "}", "connectionPool." + field);
  }

  private static Case tls(String tls, String field) {
    return policy("tls: {" + tls + "}", "tls." + field);
  }

  private static Case rule(String spec, String field) {
    return new Case(ConfigKind.DESTINATION_RULE, "x", spec, field);
  }

  private static Case gateway(String spec, String field) {
    return new Case(ConfigKind.GATEWAY, "x", spec, field);
  }

  private static Case server(String server, String field) {
    return gateway("servers: [{" + server + "}]", "servers[0]." + field);
  }

  private static Case ends(String tls, String field) {
    return server(
        "port: {number: 443, name: https, protocol: HTTPS}, hosts: ['*'], tls: {" + tls + "}",
        "tls." + field);
  }

  private static Case accepts(String spec, String field) {
    return new Case(ConfigKind.PEER_AUTHENTICATION, "x", spec, field);
  }

  private static Stream<Case> ofRoutes() {
    return Stream.of(
        routes("hosts: [web]", "http"),
        routes("hosts: ['a_b.example'], http: [{" + TO + "}]", "hosts"),
        routes("hosts: [''], http: [{" + TO + "}]", "hosts"),
        routes("hosts: ['a.*.example'], http: [{" + TO + "}]", "hosts"),
        routes("hosts: [web], gateways: ['a b'], http: [{" + TO + "}]", "gateways"),
        routes("hosts: [web], gateways: ['a/'], http: [{" + TO + "}]", "gateways"),
        routes("hosts: [web], exportTo: ['*', a], http: [{" + TO + "}]", "exportTo"),
        routes("hosts: [web], exportTo: [., shop], http: [{" + TO + "}]", "exportTo"),
        routes("hosts: [web], exportTo: ['~'], http: [{" + TO + "}]", "exportTo"),
        routes("hosts: [web], exportTo: ['A b'], http: [{" + TO + "}]", "exportTo"),
        routes(
            "hosts: [web], tcp: [{match: [{sourceLabels: {'a b': c}}], " + TO + "}]",
            "tcp[0].match[0].sourceLabels"),
        routes(
            "hosts: [web], tcp: [{match: [{gateways: ['/']}], " + TO + "}]",
            "tcp[0].match[0].gateways"),
        http("redirect: {uri: /a}, fault: {abort: {httpStatus: 500}}", "fault"),
        http("redirect: {uri: /a}, rewrite: {uri: /b}", "rewrite"),
        http("directResponse: {status: 200}, fault: {abort: {httpStatus: 500}}", "fault"),
        http("directResponse: {status: 200}, rewrite: {uri: /b}", "rewrite"),
        http("mirror: {host: a}, mirrors: [{destination: {host: a}}], " + TO, "mirrors"),
        http("delegate: {name: a}, " + TO, "route"),
        http("redirect: {uri: /a, prefixRewrite: /b}", "redirect.prefixRewrite"),
        http(
            "match: [{uri: {exact: /a}}], redirect: {prefixRewrite: /b}", "redirect.prefixRewrite"),
        http("redirect: {scheme: ftp}", "redirect.scheme"),
        http("redirect: {uri: /a, redirectCode: 200}", "redirect.redirectCode"),
        http("rewrite: {authority: a}, headers: {request: {set: {host: b}}}, " + TO, "headers"),
        http("rewrite: {uriRegexRewrite: {match: a}}, " + TO, "rewrite.uriRegexRewrite.rewrite"),
        http("rewrite: {uriRegexRewrite: {rewrite: a}}, " + TO, "rewrite.uriRegexRewrite.match"),
        http("fault: {abort: {http2Error: a}}, " + TO, "fault.abort.http2Error"),
        http("fault: {abort: {grpcStatus: a}}, " + TO, "fault.abort.grpcStatus"),
        http("fault: {delay: {exponentialDelay: 1s}}, " + TO, "fault.delay.exponentialDelay"),
        http(
            "fault: {delay: {fixedDelay: 1s, percentage: {value: 0.00001}}}, " + TO,
            "fault.delay.percentage.value"),
        http("timeout: 1.5ms, " + TO, "timeout"),
        http("retries: {attempts: -1}, " + TO, "retries.attempts"),
        http("retries: {attempts: 1, retryOn: never}, " + TO, "retries.retryOn"),
        http("mirror: {host: a}, mirrorPercentage: {value: 101}, " + TO, "mirrorPercentage.value"),
        http("mirrors: [{}], " + TO, "mirrors[0].destination"),
        http("directResponse: {status: 99}", "directResponse.status"),
        http("route: [{destination: {host: web}, weight: -1}]", "route[0].weight"),
        to("host: '*'", "host"),
        to("host: 'a b'", "host"),
        to("host: web, subset: 'A_b'", "subset"),
        to("host: web, port: {}", "port.number"),
        to("host: web, port: {number: 70000}", "port.number"),
        match("uri: {regex: ''}", "uri.regex"),
        match("uri: {regex: '" + "a".repeat(1025) + "'}", "uri.regex"),
        match("uri: {exact: /a, prefix: /b}", "uri.exact"),
        match("method: {prefix: ''}", "method.prefix"),
        match("scheme: {prefix: ''}", "scheme.prefix"),
        match("authority: {prefix: ''}", "authority.prefix"),
        match("headers: {x: {prefix: ''}}", "headers.x.prefix"),
        match("headers: {'a b': {exact: c}}", "headers.a b"),
        match("headers: {x: {regex: '*'}}", "headers.x.regex"),
        match("headers: {'@request.auth.claims.sub': {exact: c}}", "headers.@request"),
        match("withoutHeaders: {x: {prefix: ''}}", "withoutHeaders.x.prefix"),
        match("queryParams: {x: {prefix: ''}}", "queryParams.x.prefix"),
        match("sourceLabels: {'a b': c}", "sourceLabels"),
        match("sourceLabels: {a: 'b c'}", "sourceLabels"),
        match("sourceNamespace: 'A b'", "sourceNamespace"),
        match("gateways: ['a b/c']", "gateways"),
        match("port: 70000", "port"),
        cors("allowOrigins: [{}]", "allowOrigins[0]"),
        cors("allowOrigins: [{exact: ''}]", "allowOrigins[0]"),
        cors("allowMethods: [FETCH]", "allowMethods"),
        cors("allowHeaders: ['a b']", "allowHeaders"),
        cors("exposeHeaders: ['']", "exposeHeaders"),
        cors("maxAge: 1.5s", "maxAge"),
        cors("maxAge: 0s", "maxAge"));
  }

  private static Stream<Case> ofRules() {
    return Stream.of(
        rule("host: 'a b'", "host"),
        rule("host: web, trafficPolicy: {}", "trafficPolicy"),
        rule("host: web, subsets: [{name: a}, {name: a}]", "subsets"),
        rule("host: web, subsets: [{name: A_b}]", "subsets[0].name"),
        rule("host: web, subsets: [{name: a, labels: {'a b': c}}]", "subsets[0].labels"),
        rule("host: web, subsets: [{name: a, trafficPolicy: {}}]", "subsets[0].trafficPolicy"),
        rule("host: web, exportTo: ['*', a]", "exportTo"),
        rule("host: web, exportTo: [other], workloadSelector: {matchLabels: {a: b}}", "exportTo"),
        rule(
            "host: web, exportTo: [., other], workloadSelector: {matchLabels: {a: b}}", "exportTo"),
        rule("host: web, workloadSelector: {matchLabels: {a: '*'}}", "workloadSelector"),
        policy("portLevelSettings: [{tls: {mode: DISABLE}}]", "portLevelSettings[0].port"),
        policy("portLevelSettings: [{port: {number: 1}}]", "portLevelSettings[0]"),
        policy("outlierDetection: {interval: 0s}", "outlierDetection.interval"),
        policy("outlierDetection: {baseEjectionTime: 0s}", "outlierDetection.baseEjectionTime"),
        policy("outlierDetection: {maxEjectionPercent: 101}", "outlierDetection.maxEjection"),
        policy("outlierDetection: {minHealthPercent: -1}", "outlierDetection.minHealth"),
        policy(
            "outlierDetection: {consecutiveLocalOriginFailures: 1}",
            "outlierDetection.consecutiveLocalOriginFailures"),
        policy("connectionPool: {}", "connectionPool"),
        pool("tcp: {maxConnections: -1}", "tcp.maxConnections"),
        pool("tcp: {connectTimeout: 0s}", "tcp.connectTimeout"),
        pool("tcp: {idleTimeout: 10us}", "tcp.idleTimeout"),
        pool("tcp: {tcpKeepalive: {time: 0s}}", "tcp.tcpKeepalive.time"),
        pool("tcp: {tcpKeepalive: {interval: 0s}}", "tcp.tcpKeepalive.interval"),
        pool("http: {idleTimeout: 0s}", "http.idleTimeout"),
        pool("http: {maxRetries: -1}", "http.maxRetries"),
        pool("http: {h2UpgradePolicy: UPGRADE, useClientProtocol: true}", "http.useClientProtocol"),
        balanced("consistentHash: {httpCookie: {ttl: 1s}}", "consistentHash.httpCookie.name"),
        balanced(
            "consistentHash: {useSourceIp: true, maglev: {}}", "consistentHash.maglev.tableSize"),
        balanced(
            "consistentHash: {useSourceIp: true, maglev: {tableSize: 4}}",
            "consistentHash.maglev.tableSize"),
        balanced(
            "consistentHash: {useSourceIp: true, maglev: {tableSize: 5000011}}",
            "consistentHash.maglev.tableSize"),
        balanced(
            "consistentHash: {useSourceIp: true, minimumRingSize: 2, maglev: {tableSize: 5}}",
            "consistentHash.ringHash"),
        balanced("localityLbSetting: {}, zoneAwareLbSetting: {}", "zoneAwareLbSetting"),
        balanced("localityLbSetting: {failover: [{from: a, to: a}]}", "localityLbSetting.failover"),
        balanced(
            "localityLbSetting: {failover: [{from: a/b, to: a}]}", "localityLbSetting.failover"),
        balanced(
            "localityLbSetting: {distribute: [{from: a, to: {b: 99}}]}",
            "localityLbSetting.distribute"),
        balanced(
            "localityLbSetting: {failover: [{from: a, to: b}],"
                + " failoverPriority: [topology.kubernetes.io/zone]}",
            "localityLbSetting.failoverPriority"),
        balanced("warmup: {}", "warmup.duration"),
        balanced("warmup: {duration: 0s}", "warmup.duration"),
        balanced("warmup: {duration: 1s, minimumPercent: 101}", "warmup.minimumPercent"),
        balanced("warmup: {duration: 1s, aggression: 0}", "warmup.aggression"),
        tls("mode: MUTUAL, privateKey: a", "clientCertificate"),
        tls("mode: MUTUAL, clientCertificate: a", "privateKey"),
        tls("mode: SIMPLE, credentialName: a, caCertificates: b", "credentialName"),
        tls("mode: SIMPLE, credentialName: a, caCrl: b", "credentialName"),
        tls("mode: SIMPLE, insecureSkipVerify: true, caCertificates: a", "insecureSkipVerify"),
        tls("mode: SIMPLE, insecureSkipVerify: true, subjectAltNames: [a]", "insecureSkipVerify"));
  }

  private static Stream<Case> ofGateways() {
    String http = "port: {number: 80, name: http, protocol: HTTP}, ";
    String tcp = "port: {number: 80, name: tcp, protocol: TCP}, ";
    return Stream.of(
        new Case(ConfigKind.GATEWAY, "a.b", "servers: [{" + http + "hosts: ['*']}]", "servers"),
        gateway("servers: []", "servers"),
        server(http + "hosts: []", "hosts"),
        server(http + "hosts: [web]", "hosts"),
        server(http + "hosts: ['A b/*']", "hosts"),
        server(http + "hosts: ['/*']", "hosts"),
        server(http + "hosts: ['shop/']", "hosts"),
        server("hosts: ['*']", "port"),
        server("port: {number: 80, name: a, protocol: X}, hosts: ['*']", "port.protocol"),
        server("port: {number: 80, protocol: HTTP}, hosts: ['*']", "port.name"),
        server(
            "port: {number: 80, name: a, protocol: HTTP, targetPort: 1}, hosts: ['*']",
            "port.targetPort"),
        server(http + "hosts: ['*'], tls: {mode: SIMPLE, credentialName: a}", "tls"),
        server(tcp + "hosts: ['*'], tls: {mode: PASSTHROUGH}", "tls"),
        server("port: {number: 443, name: a, protocol: HTTPS}, hosts: ['*']", "tls"),
        ends("mode: SIMPLE", "credentialName"),
        ends("mode: SIMPLE, serverCertificate: a", "privateKey"),
        ends("mode: MUTUAL, serverCertificate: a, privateKey: b", "caCertificates"),
        ends("mode: SIMPLE, credentialName: a, credentialNames: [b]", "credentialName"),
        ends("mode: SIMPLE, credentialName: a, serverCertificate: b, privateKey: c", "cred"),
        ends("mode: MUTUAL, credentialName: a, caCrl: b", "caCrl"),
        ends("mode: SIMPLE, serverCertificate: b, privateKey: c, caCrl: d", "caCrl"),
        ends("mode: ISTIO_MUTUAL, serverCertificate: a", "serverCertificate"),
        ends("mode: ISTIO_MUTUAL, privateKey: a", "privateKey"),
        ends("mode: ISTIO_MUTUAL, caCertificates: a", "caCertificates"),
        ends("mode: ISTIO_MUTUAL, credentialName: a", "credentialName"),
        ends("mode: ISTIO_MUTUAL, credentialNames: [a]", "credentialNames"),
        ends("mode: ISTIO_MUTUAL, tlsCertificates: [{}]", "tlsCertificates"),
        ends("mode: SIMPLE, credentialName: a, minProtocolVersion: SSLV3", "minProtocolVersion"),
        accepts("portLevelMtls: {80: {mode: STRICT}}", "portLevelMtls"),
        accepts("portLevelMtls: {}", "portLevelMtls"),
        accepts("selector: {matchLabels: {a: 'b*'}}", "selector"),
        accepts("selector: {matchLabels: {'': b}}", "selector"));
  }

  private static Case entry(String spec, String field) {
    return new Case(ConfigKind.SERVICE_ENTRY, "x", spec, field);
  }

  private static Case endpoint(String endpoint, String field) {
    return entry(
        "hosts: [a.b], resolution: STATIC, ports: [{number: 80, name: http}], endpoints: [{"
            + endpoint
            + "}]",
        "endpoints[0]." + field);
  }

  private static Case workload(String spec, String field) {
    return new Case(ConfigKind.WORKLOAD_ENTRY, "x", spec, field);
  }

  private static Case sidecar(String spec, String field) {
    return new Case(ConfigKind.SIDECAR, "x", spec, field);
  }

  private static Stream<Case> ofEntries() {
    return Stream.of(
        entry("hosts: []", "hosts"),
        entry("hosts: ['*']", "hosts"),
        entry("hosts: ['a b']", "hosts"),
        entry("hosts: [a.b], addresses: [nowhere]", "addresses"),
        entry("hosts: [a.b], resolution: DNS, addresses: [10.0.0.0/8]", "addresses"),
        entry("hosts: [a.b], ports: [{name: http}]", "ports[0].number"),
        entry("hosts: [a.b], ports: [{number: 80}]", "ports[0].name"),
        entry("hosts: [a.b], ports: [{number: 80, name: a, protocol: X}]", "ports[0].protocol"),
        entry("hosts: [a.b], ports: [{number: 0, name: a}]", "ports[0].number"),
        entry("hosts: [a.b], ports: [{number: 80, name: a}, {number: 81, name: a}]", "ports"),
        entry("hosts: [a.b], ports: [{number: 80, name: a}, {number: 80, name: b}]", "ports"),
        entry("hosts: [a.b, c.d], ports: [{number: 80, name: a, protocol: TCP}]", "hosts"),
        entry("hosts: [a.b], endpoints: [{address: 10.0.0.1}]", "endpoints"),
        entry("hosts: ['*.b'], resolution: DNS", "hosts"),
        entry(
            "hosts: [a.b], resolution: DNS_ROUND_ROBIN, endpoints: [{address: a}, {address: b}]",
            "endpoints"),
        entry("hosts: [a.b], resolution: OTHER", "resolution"),
        entry("hosts: [a.b], exportTo: [., '*']", "exportTo"),
        entry("hosts: [a.b], exportTo: ['~', a]", "exportTo"),
        entry("hosts: [a.b], workloadSelector: {labels: {a: '*'}}", "workloadSelector"),
        entry(
            "hosts: [a.b], resolution: STATIC, workloadSelector: {labels: {a: b}}, endpoints:"
                + " [{address: 10.0.0.1}]",
            "workloadSelector"),
        endpoint("address: a.b", "address"),
        endpoint("address: 'unix:///a'", "address"),
        endpoint("weight: 1", "address"),
        endpoint("address: 10.0.0.1, ports: {tcp: 80}", "ports"),
        endpoint("address: 10.0.0.1, ports: {http: 0}", "ports"),
        endpoint("address: 10.0.0.1, labels: {'a b': c}", "labels"),
        workload("labels: {a: b}", "address"),
        workload("address: 'a b'", "address"),
        workload("address: 10.0.0.1, locality: 'a/b/c/d'", "locality"),
        new Case(ConfigKind.WORKLOAD_GROUP, "x", "metadata: {}", "template"),
        new Case(
            ConfigKind.WORKLOAD_GROUP,
            "x",
            "template: {}, metadata: {labels: {'a b': c}}",
            "metadata.labels"),
        sidecar("workloadSelector: {labels: {a: b}}", "egress"),
        sidecar("egress: [{hosts: []}, {hosts: ['*/*']}]", "egress"),
        sidecar("egress: [{hosts: []}]", "egress[0].hosts"),
        sidecar("egress: [{hosts: [web]}]", "egress[0].hosts"),
        sidecar("egress: [{hosts: ['/*']}]", "egress[0].hosts"),
        sidecar("egress: [{hosts: ['./']}]", "egress[0].hosts"),
        sidecar("egress: [{hosts: ['./web']}]", "egress[0].hosts"),
        sidecar("egress: [{hosts: ['A b/*']}]", "egress[0].hosts"),
        sidecar("egress: [{bind: 1.1.1.1, hosts: ['*/*']}]", "egress[0].bind"),
        sidecar("egress: [{hosts: ['*/*']}, {port: {number: 80}, hosts: ['*/*']}]", "egress"),
        sidecar(
            "egress: [{port: {number: 80}, hosts: [a/*]}, {port: {number: 80}, hosts: [b/*]}]",
            "egress"),
        sidecar("egress: [{port: {number: 0}, hosts: ['*/*']}]", "egress[0].port.number"),
        sidecar("egress: [{port: {number: 70000}, hosts: ['*/*']}]", "egress[0].port.number"),
        sidecar(
            "egress: [{port: {number: 80, protocol: X}, hosts: ['*/*']}]",
            "egress[0].port.protocol"),
        sidecar("egress: [{port: {number: 80, name: A_B}, hosts: ['*/*']}]", "egress[0].port.name"),
        sidecar(
            "egress: [{port: {number: 80, targetPort: 90}, hosts: ['*/*']}]",
            "egress[0].port.targetPort"),
        sidecar("egress: [{port: {number: 80}, bind: here, hosts: ['*/*']}]", "egress[0].bind"),
        sidecar("ingress: [{bind: 1.1.1.1}]", "ingress[0].port"),
        sidecar("ingress: [{port: {number: 80}}, {port: {number: 80}}]", "ingress"),
        sidecar("ingress: [{port: {number: 80}, bind: here}]", "ingress[0].bind"),
        sidecar("ingress: [{port: {protocol: HTTP}}]", "ingress[0].port.number"),
        sidecar(
            "ingress: [{port: {number: 80}, defaultEndpoint: '10.0.0.1:80'}]",
            "ingress[0].defaultEndpoint"),
        sidecar(
            "ingress: [{port: {number: 80}, defaultEndpoint: 127.0.0.1}]",
            "ingress[0].defaultEndpoint"),
        sidecar(
            "ingress: [{port: {number: 80}, defaultEndpoint: '127.0.0.1:x'}]",
            "ingress[0].defaultEndpoint"),
        sidecar(
            "ingress: [{port: {number: 80}, connectionPool: {}}]",
            "ingress[0].connectionPool.http"),
        sidecar("inboundConnectionPool: {}", "inboundConnectionPool.http"),
        sidecar(
            "inboundConnectionPool: {tcp: {maxConnections: -1}}",
            "inboundConnectionPool.tcp.maxConnections"),
        sidecar(
            "outboundTrafficPolicy: {egressProxy: {host: a.b, port: {number: 80}}}",
            "outboundTrafficPolicy.egressProxy"),
        sidecar(
            "outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a.b}}",
            "outboundTrafficPolicy.egressProxy.port"),
        sidecar(
            "outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: '*.b', port: {number: 80}}}",
            "outboundTrafficPolicy.egressProxy.host"));
  }

  static Stream<Case> cases() {
    return Stream.of(ofRoutes(), ofRules(), ofGateways(), ofEntries()).flatMap(s -> s);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void what_istio_refuses_is_refused_with_its_field(Case c) throws IOException {
    Map<String, Object> spec = YAML.readValue("{" + c.spec() + "}", new TypeReference<>() {});
    List<Diagnostic> found =
        ObjectParser.parse(
                c.kind(),
                Map.of("metadata", Map.of("name", c.name(), "namespace", "shop"), "spec", spec))
            .diagnostics();

    assertThat(found)
        .anySatisfy(
            d -> {
              assertThat(d.severity()).isEqualTo(Severity.ERROR);
              assertThat(d.path()).startsWith("spec." + c.field());
            });
  }
}
