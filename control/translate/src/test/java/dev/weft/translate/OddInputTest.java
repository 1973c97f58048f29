package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weft.config.ConfigKind;
import dev.weft.config.Diagnostic;
import dev.weft.config.ObjectParser;
import dev.weft.config.Parsed;
import dev.weft.runtime.Change;
import dev.weft.runtime.Compiled;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole way of what a user writes: parser, translator, and the compiler of the proxy. What the
 * parser lets pass no proxy refuses, and what it does not let pass it names.
 */
class OddInputTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final int STEPS = 100;
  private static final String ROUTE = "route: [{destination: {host: web}}]";

  /**
   * @param path what the error must name; empty: the object is fine
   */
  private record Case(String name, String spec, String path) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case http(String name, String route, String path) {
    return new Case(
        name,
        "hosts: [web]\nhttp: [{" + route + "}]\n",
        path.isEmpty() ? "" : "spec.http[0]." + path);
  }

  private static Case routed(String name, String more, String path) {
    return http(name, ROUTE + ", " + more, path);
  }

  static Stream<Case> cases() {
    return Stream.of(
        routed(
            "a bare percent", "headers: {response: {set: {x: '100%'}}}", "headers.response.set.x"),
        routed("a doubled percent", "headers: {response: {set: {x: '100%%'}}}", ""),
        routed("an operator", "headers: {request: {add: {x: '%REQ(x-y)%-%PROTOCOL%'}}}", ""),
        routed(
            "an unknown operator",
            "headers: {request: {add: {x: '%NOPE%'}}}",
            "headers.request.add.x"),
        routed(
            "a length that is none",
            "headers: {request: {add: {x: '%REQ(a):b%'}}}",
            "headers.request.add.x"),
        http(
            "a percent at a destination",
            "route: [{destination: {host: web}, headers: {request: {set: {x: '5%'}}}}]",
            "route[0].headers.request.set.x"),
        routed(
            "a space in a name",
            "headers: {request: {set: {'x y': z}}}",
            "headers.request.set.x y"),
        routed("an empty name", "headers: {response: {add: {'': z}}}", "headers.response.add."),
        routed(
            "a line end in a value",
            "headers: {response: {set: {x: \"a\\r\\nb: c\"}}}",
            "headers.response.set.x"),
        routed("the host set", "headers: {request: {set: {Host: a.example}}}", ""),
        routed(
            "the host added",
            "headers: {request: {add: {Host: a.example}}}",
            "headers.request.add.Host"),
        routed(
            "the host removed",
            "headers: {request: {remove: [':authority']}}",
            "headers.request.remove"),
        routed(
            "a pseudo header",
            "headers: {request: {set: {':path': /x}}}",
            "headers.request.set.:path"),
        routed("an expression that is none", "match: [{uri: {regex: '(a'}}]", "match[0].uri.regex"),
        routed(
            "an expression of another kind",
            "match: [{headers: {x: {regex: '(?=a)'}}}]",
            "match[0].headers.x.regex"),
        routed(
            "a group that is there",
            "rewrite: {uriRegexRewrite: {match: '/(.*)', rewrite: '/x/\\1'}}",
            ""),
        routed(
            "a group that is not there",
            "rewrite: {uriRegexRewrite: {match: '/(.*)', rewrite: '/\\2'}}",
            "rewrite.uriRegexRewrite.rewrite"),
        routed(
            "a stray backslash",
            "rewrite: {uriRegexRewrite: {match: '/(.*)', rewrite: '/\\x'}}",
            "rewrite.uriRegexRewrite.rewrite"),
        routed("a path with a line end", "rewrite: {uri: \"/a\\n\"}", "rewrite.uri"),
        routed("an endless timeout", "timeout: 2000000h", "timeout"),
        routed("a long timeout", "timeout: 800000h", ""),
        routed(
            "every condition",
            "retries: {attempts: 2, retryOn: '5xx,gateway-error,reset,"
                + "reset-before-request,connect-failure,retriable-4xx,refused-stream,"
                + "retriable-status-codes,envoy-ratelimited,cancelled,deadline-exceeded,internal,"
                + "resource-exhausted,unavailable,503'}",
            ""),
        routed(
            "a condition of Envoy's", "retries: {attempts: 2, retryOn: 'retriable-headers'}", ""),
        routed(
            "a condition of nobody's",
            "retries: {attempts: 2, retryOn: 'always'}",
            "retries.retryOn"),
        routed(
            "a status that is none",
            "retries: {attempts: 2, retryOn: '99999999999'}",
            "retries.retryOn"),
        routed(
            "a fault without a status",
            "fault: {abort: {percentage: {value: 5}}}",
            "fault.abort.httpStatus"),
        routed("a gRPC fault", "fault: {abort: {grpcStatus: UNAVAILABLE}}", ""),
        routed(
            "an unknown gRPC status",
            "fault: {abort: {grpcStatus: GONE}}",
            "fault.abort.grpcStatus"),
        routed(
            "a fault of a strange status",
            "fault: {abort: {httpStatus: 99}}",
            "fault.abort.httpStatus"),
        routed(
            "a delay without length",
            "fault: {delay: {percentage: {value: 5}}}",
            "fault.delay.fixedDelay"),
        routed("cross-origin rules", "corsPolicy: {allowOrigins: [{regex: '.*'}], maxAge: 1h}", ""),
        routed(
            "a cross-origin line end",
            "corsPolicy: {allowMethods: [\"GET\\r\\nx: y\"]}",
            "corsPolicy.allowMethods"),
        routed("a method of its own", "match: [{method: {exact: PURGE}}]", ""),
        http(
            "weights without sum",
            "route: [{destination: {host: web}, weight: 0}, {destination: {host: web}, weight: 0}]",
            "route"),
        http(
            "weights beyond counting",
            "route: ["
                + "{destination: {host: web}, weight: 2147483647}, ".repeat(3)
                + "{destination: {host: web}, weight: 1}]",
            "route"),
        http("a status too high", "directResponse: {status: 600}", "directResponse.status"),
        http("a direct response", "directResponse: {status: 599, body: {string: '100%'}}", ""),
        http(
            "a direct response that is longer than usual",
            "directResponse: {status: 200, body: {string: '" + "x".repeat(5000) + "'}}",
            ""),
        http(
            "a direct response that is too long",
            "directResponse: {status: 200, body: {string: '" + "x".repeat(1 << 20) + "y'}}",
            "directResponse.body"),
        http(
            "a redirect of another kind",
            "redirect: {uri: /x, redirectCode: 304}",
            "redirect.redirectCode"),
        http("a redirect", "redirect: {uri: /x, scheme: https, port: 8443, redirectCode: 308}", ""),
        http(
            "a redirect with a line end",
            "redirect: {authority: \"a\\r\\nb\"}",
            "redirect.authority"),
        new Case("a star inside a host", "hosts: ['a.*.b']\nhttp: [{" + ROUTE + "}]", "spec.hosts"),
        new Case("an empty host", "hosts: ['']\nhttp: [{" + ROUTE + "}]", "spec.hosts"),
        new Case(
            "a wildcard host", "hosts: ['*.example.com', a.test]\nhttp: [{" + ROUTE + "}]", ""));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothing_that_is_accepted_is_refused_later(Case odd) throws IOException {
    Map<String, Object> object = virtualService(odd.spec());
    Parsed parsed = ObjectParser.parse(ConfigKind.VIRTUAL_SERVICE, object);
    List<String> errors =
        parsed.diagnostics().stream()
            .filter(d -> d.severity() == Diagnostic.Severity.ERROR)
            .map(Diagnostic::path)
            .toList();
    if (!odd.path().isEmpty()) {
      assertThat(errors).as(parsed.diagnostics().toString()).contains(odd.path());
      return;
    }
    assertThat(errors).as(parsed.diagnostics().toString()).isEmpty();
    for (String proxy : List.of("client", "ingress")) {
      Compiled compiled = compiled(mesh(object), proxy);
      assertThat(compiled.rejections()).as(proxy).isEmpty();
      assertThat(compiled.config().routeTables()).as(proxy).isNotEmpty();
    }
  }

  private static Map<String, Object> virtualService(String spec) throws JsonProcessingException {
    Map<String, Object> fields = YAML.readValue(spec, new TypeReference<>() {});
    fields.put("gateways", List.of("mesh", "front"));
    return Map.of(
        "apiVersion",
        "networking.istio.io/v1",
        "kind",
        "VirtualService",
        "metadata",
        Map.of("name", "odd", "namespace", "shop"),
        "spec",
        fields);
  }

  private static MeshFile mesh(Map<String, Object> object) throws IOException {
    Map<String, Object> tree =
        YAML.readValue(
            """
            clusters:
              c1:
                services:
                  - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 80}]}
                  - {name: other.shop, vip: 10.96.0.2, ports: [{name: http, port: 80}]}
                pods:
                  - {name: web-1.shop, app: web, ip: 10.0.0.1}
                  - {name: client-1.shop, app: client, ip: 10.0.0.2}
                  - {name: front-1.shop, app: front, ip: 10.0.0.3}
            objects:
              - kind: Gateway
                metadata: {name: front, namespace: shop}
                spec:
                  selector: {app: front}
                  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]
            proxies:
              client: {id: sidecar~10.0.0.2~client-1.shop~shop.svc.cluster.local, metadata: {CLUSTER_ID: c1, NAMESPACE: shop}}
              ingress: {id: router~10.0.0.3~front-1.shop~shop.svc.cluster.local, metadata: {CLUSTER_ID: c1, NAMESPACE: shop}}
            """,
            new TypeReference<>() {});
    List<Object> objects = new ArrayList<>((List<?>) tree.get("objects"));
    objects.add(object);
    tree.put("objects", objects);
    return MeshFile.of(tree);
  }

  /**
   * Every mesh of the golden files is taken by our proxies as it stands, but for certificates that
   * stock proxies read from files themselves, and for words that stand for certificates there.
   */
  @ParameterizedTest
  @MethodSource("goldenInputs")
  void what_the_golden_files_hold_no_proxy_refuses(Path input) {
    MeshFile mesh = MeshFile.read(input);
    mesh.proxies()
        .keySet()
        .forEach(
            proxy ->
                assertThat(compiled(mesh, proxy).rejections())
                    .as(proxy)
                    .allMatch(
                        r ->
                            r.type() == XdsType.SECRET
                                || r.reason().equals("a server needs a certificate")));
  }

  /** Whatever comes up, Sidecars with ports of their own among it. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void what_random_meshes_hold_no_proxy_refuses(long seed) throws IOException {
    RandomMesh random = new RandomMesh(seed);
    for (int step = 0; step < STEPS; step++) {
      random.step();
      MeshFile mesh = random.file();
      for (String pod : List.of("web-0.a", "cart-1.b", "db-0.a")) {
        ProxyNode node = sidecar(pod);
        assertThat(compiled(mesh, node).rejections()).as("%s, step %d", pod, step).isEmpty();
      }
    }
  }

  private static ProxyNode sidecar(String pod) {
    String namespace = pod.substring(pod.indexOf('.') + 1);
    return ProxyNode.parse(
        Node.newBuilder()
            .setId("sidecar~10.0.0.2~" + pod + "~" + namespace + ".svc.cluster.local")
            .setUserAgentName("weft")
            .setMetadata(
                Struct.newBuilder()
                    .putFields("CLUSTER_ID", Value.newBuilder().setStringValue("c1").build()))
            .build());
  }

  static List<Path> goldenInputs() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/golden"))) {
      return files.filter(f -> f.endsWith("input.yaml")).sorted().toList();
    }
  }

  private static Compiled compiled(MeshFile mesh, String proxy) {
    return compiled(mesh, Objects.requireNonNull(mesh.proxies().get(proxy), proxy));
  }

  private static Compiled compiled(MeshFile mesh, ProxyNode node) {
    ResourceSet resources = new Translation().resources(mesh.snapshot(), node);
    List<Change> changes = new ArrayList<>();
    for (XdsType type : XdsType.values()) {
      for (VersionedResource resource : resources.of(type).values()) {
        changes.add(
            new Change.Set(type, resource.name(), resource.body().getValue().toByteArray()));
      }
    }
    return RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, changes);
  }
}
