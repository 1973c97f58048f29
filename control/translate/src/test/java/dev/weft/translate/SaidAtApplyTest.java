package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.config.ConfigKind;
import dev.weft.config.Diagnostic;
import dev.weft.config.ObjectParser;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people are told when they apply an object: what is refused, and what has no effect. */
class SaidAtApplyTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /**
   * @param said the severity and the field; empty: nothing is said
   */
  private record Case(String name, ConfigKind kind, String spec, List<String> said) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case rule(String name, String policy, String... said) {
    return new Case(
        name,
        ConfigKind.DESTINATION_RULE,
        "{host: web, trafficPolicy: {" + policy + "}}",
        Stream.of(said).map(s -> s.replace(" ", " spec.trafficPolicy.")).toList());
  }

  private static Case balanced(String name, String balancer, String... said) {
    return rule(
        name,
        "loadBalancer: {" + balancer + "}",
        Stream.of(said).map(s -> s.replace(" ", " loadBalancer.")).toArray(String[]::new));
  }

  private static Case distributed(String name, String from, String to, String... said) {
    return balanced(
        name,
        "localityLbSetting: {distribute: [{from: " + from + ", to: {" + to + "}}]}",
        Stream.of(said)
            .map(s -> s.replace(" ", " localityLbSetting.distribute"))
            .toArray(String[]::new));
  }

  private static Case server(String name, String more, String... said) {
    return new Case(
        name,
        ConfigKind.GATEWAY,
        "{servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*'], " + more + "}]}",
        Stream.of(said).map(s -> s.replace(" ", " spec.servers[0].")).toList());
  }

  private static Case routes(String name, String spec, String... said) {
    return new Case(
        name,
        ConfigKind.VIRTUAL_SERVICE,
        "{" + spec + "}",
        Stream.of(said).map(s -> s.replace(" ", " spec.")).toList());
  }

  private static Stream<Case> virtualServices() {
    String to = "route: [{destination: {host: web}}]";
    return Stream.of(
        routes("a delegate", "http: [{" + to + "}]"),
        routes(
            "a delegate that delegates",
            "http: [{" + to + "}, {delegate: {name: other}}]",
            "ERROR http[1].delegate"),
        routes(
            "a delegate for a gateway",
            "gateways: [front], http: [{" + to + "}]",
            "ERROR gateways"),
        routes("a delegate of bytes", "tcp: [{" + to + "}]", "ERROR tcp"),
        routes(
            "a delegate without a name",
            "hosts: [web], http: [{delegate: {namespace: shop}}]",
            "ERROR http[0].delegate.name"),
        routes(
            "server names of the object",
            "hosts: [web, '*.example'], tls: [{match: [{sniHosts: [web.shop.svc.cluster.local,"
                + " a.example, '*.b.example']}], "
                + to
                + "}]"),
        routes(
            "a server name of somebody else",
            "hosts: ['*.example'], tls: [{match: [{sniHosts: [a.test]}], " + to + "}]",
            "ERROR tls[0].match[0].sniHosts"),
        routes(
            "TLS without server names",
            "hosts: [web], tls: [{match: [{port: 443}], " + to + "}]",
            "ERROR tls[0].match[0].sniHosts"),
        routes("TLS of any kind", "hosts: [web], tls: [{" + to + "}]", "ERROR tls[0].match"),
        routes(
            "addresses and ranges",
            "hosts: [web], tcp: [{match: [{destinationSubnets: [10.0.0.1, '10.0.0.0/8', '::1',"
                + " 'fd00::/8']}], "
                + to
                + "}]"),
        routes(
            "a range beyond all addresses",
            "hosts: [web], tcp: [{match: [{destinationSubnets: ['10.0.0.0/33']}], " + to + "}]",
            "ERROR tcp[0].match[0].destinationSubnets"),
        routes(
            "server names of bytes",
            "hosts: [web], tcp: [{match: [{sniHosts: [web]}], " + to + "}]",
            "WARNING tcp[0].match[0].sniHosts"),
        routes("hosts apart", "hosts: [web, '*.a.example', b.example], http: [{" + to + "}]"),
        routes("a host twice", "hosts: [web, web], http: [{" + to + "}]", "ERROR hosts"),
        routes(
            "a host within another one",
            "hosts: [a.example, '*.example'], http: [{" + to + "}]",
            "ERROR hosts"),
        routes(
            "a pattern within another one",
            "hosts: ['*.example', '*.a.example'], http: [{" + to + "}]",
            "ERROR hosts"),
        routes("every host of the mesh", "hosts: ['*'], http: [{" + to + "}]", "ERROR hosts"),
        routes("every host of a gateway", "hosts: ['*'], gateways: [front], http: [{" + to + "}]"),
        routes(
            "no time at all",
            "hosts: [web], http: [{timeout: 0s, " + to + "}]",
            "ERROR http[0].timeout"),
        routes(
            "no time for a try",
            "hosts: [web], http: [{retries: {attempts: 1, perTryTimeout: 10us}, " + to + "}]",
            "ERROR http[0].retries.perTryTimeout"),
        routes(
            "conditions of retries that there are none of",
            "hosts: [web], http: [{retries: {retryOn: 5xx}, " + to + "}]",
            "ERROR http[0].retries.attempts"),
        routes("no retries", "hosts: [web], http: [{retries: {}, " + to + "}]"),
        routes(
            "patient retries",
            "hosts: [web], http: [{retries: {attempts: 2, backoff: 1s,"
                + " retryIgnorePreviousHosts: false}, "
                + to
                + "}]"),
        routes(
            "a fault without one",
            "hosts: [web], http: [{fault: {}, " + to + "}]",
            "ERROR http[0].fault.delay"),
        routes(
            "a redirect to where it is",
            "hosts: [web], http: [{redirect: {redirectCode: 302}}]",
            "ERROR http[0].redirect.uri"),
        routes(
            "a rewrite of nothing",
            "hosts: [web], http: [{rewrite: {}, " + to + "}]",
            "ERROR http[0].rewrite.uri"),
        routes(
            "two rewrites",
            "hosts: [web], http: [{rewrite: {uri: /a, uriRegexRewrite: {match: a, rewrite: b}}, "
                + to
                + "}]",
            "ERROR http[0].rewrite.uriRegexRewrite"),
        routes(
            "a star before half a label",
            "hosts: ['*b.example'], http: [{" + to + "}]",
            "ERROR hosts"));
  }

  static Stream<Case> cases() {
    return Stream.of(virtualServices(), sidecars(), proxies(), others()).flatMap(s -> s);
  }

  private static Case of(ConfigKind kind, String name, String spec, String... said) {
    return new Case(
        name,
        kind,
        "{" + spec + "}",
        Stream.of(said).map(s -> s.replaceFirst(" ", " spec.")).toList());
  }

  private static Stream<Case> sidecars() {
    return Stream.of(
        of(
            ConfigKind.SIDECAR,
            "an application on the loopback behind a socket",
            "ingress: [{port: {number: 80}, captureMode: NONE, defaultEndpoint: '127.0.0.1:80'}]"),
        of(
            ConfigKind.SIDECAR,
            "a socket that leads to itself",
            "ingress: [{port: {number: 80}, bind: 127.0.0.1, captureMode: NONE,"
                + " defaultEndpoint: '127.0.0.1:80'}]",
            "ERROR ingress[0].defaultEndpoint"),
        of(
            ConfigKind.SIDECAR,
            "the pod's own IPv6 address",
            "ingress: [{port: {number: 80}, defaultEndpoint: '[::]:80'}]",
            "ERROR ingress[0].defaultEndpoint"));
  }

  private static Stream<Case> proxies() {
    return Stream.of(
        of(
            ConfigKind.PROXY_CONFIG,
            "all that is said of proxies",
            "selector: {matchLabels: {app: web}}, concurrency: 0, environmentVariables: {A_B: c},"
                + " image: {imageType: distroless}"),
        of(
            ConfigKind.PROXY_CONFIG,
            "a selector that selects nothing",
            "selector: {}",
            "WARNING selector.matchLabels"),
        of(
            ConfigKind.PROXY_CONFIG,
            "fewer loops than none",
            "concurrency: -1",
            "ERROR concurrency"),
        of(
            ConfigKind.PROXY_CONFIG,
            "a variable that no container can have",
            "environmentVariables: {'a b': c}",
            "ERROR environmentVariables.a b"),
        of(
            ConfigKind.PROXY_CONFIG,
            "an image type that no tag can have",
            "image: {imageType: a/b}",
            "ERROR image.imageType"));
  }

  private static Stream<Case> others() {
    return Stream.of(
        balanced("a cookie", "consistentHash: {httpCookie: {name: user, path: /, ttl: 0s}}"),
        balanced(
            "a cookie without a name",
            "consistentHash: {httpCookie: {ttl: 1s}}",
            "ERROR consistentHash.httpCookie.name"),
        balanced(
            "a cookie with a line end",
            "consistentHash: {httpCookie: {name: a, path: \"/\\n\"}}",
            "ERROR consistentHash.httpCookie.path"),
        balanced(
            "a hash of no header",
            "consistentHash: {httpHeaderName: 'a b'}",
            "ERROR consistentHash.httpHeaderName"),
        balanced("warm-up", "simple: ROUND_ROBIN, warmup: {duration: 10s}"),
        balanced(
            "warm-up of what cannot warm up",
            "simple: RANDOM, warmup: {duration: 10s}",
            "WARNING warmup"),
        balanced(
            "warm-up of a ring, in the old way",
            "consistentHash: {useSourceIp: true}, warmupDurationSecs: 10s",
            "WARNING warmupDurationSecs"),
        distributed("places apart", "r1/*", "'r1/z1/*': 40, 'r1/z2/*': 40, 'r2/*': 20"),
        distributed("a place twice", "r1/*", "'r1/*': 80, 'r1/z1/*': 20", "ERROR [0].to"),
        distributed("everywhere and somewhere", "r1/*", "'*': 80, r2: 20", "ERROR [0].to"),
        balanced(
            "clients of one place twice",
            "localityLbSetting: {distribute: [{from: r1/*, to: {'r1/*': 100}},"
                + " {from: r1/z1/*, to: {'r1/*': 100}}]}",
            "ERROR localityLbSetting.distribute"),
        rule(
            "an interval of no length",
            "outlierDetection: {interval: 0s}",
            "ERROR outlierDetection.interval"),
        rule(
            "a certificate of half the clients",
            "tls: {mode: MUTUAL, credentialName: client-cred}",
            "WARNING tls.credentialName"),
        rule(
            "roots of half the clients",
            "tls: {mode: SIMPLE, credentialName: client-cred}",
            "NOTE tls.credentialName"),
        new Case(
            "ports of a policy",
            ConfigKind.PEER_AUTHENTICATION,
            "{selector: {matchLabels: {app: web}}, portLevelMtls: {'80': {mode: STRICT},"
                + " '0': {mode: STRICT}, '65536': {mode: STRICT}, 'http': {mode: STRICT}}}",
            List.of(
                "ERROR spec.portLevelMtls.0",
                "ERROR spec.portLevelMtls.65536",
                "ERROR spec.portLevelMtls.http")),
        new Case(
            "two ports of one name",
            ConfigKind.GATEWAY,
            "{servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']},"
                + " {port: {number: 81, name: http, protocol: HTTP}, hosts: ['*']}]}",
            List.of("ERROR spec.servers")),
        server("plain requests sent to HTTPS", "tls: {httpsRedirect: true}"),
        new Case(
            "HTTPS sent to HTTPS",
            ConfigKind.GATEWAY,
            "{servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ['*'],"
                + " tls: {mode: SIMPLE, credentialName: c, httpsRedirect: true}}]}",
            List.of("ERROR spec.servers[0].tls.httpsRedirect")),
        server("an address", "bind: 127.0.0.1"),
        server("an address of the new kind", "bind: '::1'"),
        server("what only looks like an address", "bind: 1.2.3.4.5", "ERROR bind"),
        server("a name for an address", "bind: localhost", "ERROR bind"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void what_is_wrong_or_without_effect_is_said_with_its_field(Case c) throws IOException {
    Map<String, Object> spec = YAML.readValue(c.spec(), new TypeReference<>() {});
    List<Diagnostic> found =
        ObjectParser.parse(
                c.kind(),
                Map.of("metadata", Map.of("name", "x", "namespace", "shop"), "spec", spec))
            .diagnostics();

    assertThat(found.stream().map(d -> d.severity() + " " + d.path()))
        .as("%s", found)
        .containsExactlyElementsOf(c.said());
  }
}
