package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.explain.Portion;
import dev.weft.explain.RequestQuestion;
import dev.weft.explain.RequestStory;
import dev.weft.explain.RequestStory.Destination;
import dev.weft.explain.RequestStory.Ending;
import dev.weft.explain.Stories;
import dev.weft.explain.UnclearException;
import dev.weft.snapshot.MeshSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is said of a request is what the proxy does with it: every line of its log, under every
 * feature, is told again and compared with what it says.
 */
class StoryParityTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SERVERS =
      """
            - {name: web-v1.shop, app: web, ip: NET.11, labels: {version: v1}}
            - {name: web-v2a.shop, app: web, ip: NET.21, labels: {version: v2}}
            - {name: web-v2b.shop, app: web, ip: NET.22, labels: {version: v2}}
            - {name: other-1.shop, app: other, ip: NET.31}
      """;

  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout, accessLogFormat: istio-json, outboundTrafficPolicy: {mode: REGISTRY_ONLY}}
      clusters:
        west:
          network: network-west
          locality: r1/z1
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}, {name: http-alt, port: 9000, targetPort: 8081}]}
            - {name: other.shop, vip: 10.96.0.2, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: half.shop, vip: 10.96.0.3, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: dead.shop, vip: 10.96.0.4, ports: [{name: http, port: 8000, targetPort: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9, labels: {tier: gold}}
      WEST
        east:
          network: network-east
          crossClusterProxy: true
          locality: r2/z1
          services:
            - {name: web.shop, vip: 10.97.0.1, ports: [{name: http, port: 8000, targetPort: 8080}, {name: http-alt, port: 9000, targetPort: 8081}]}
            - {name: other.shop, vip: 10.97.0.2, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: istio-asm-cross-network-east.istio-system, vip: 10.97.9.9, ports: [{name: tls, port: 15443}], loadBalancer: [NET.200]}
          pods:
            - {name: istio-asm-cross-network-east-1.istio-system, app: istio-asm-cross-network-east, ip: NET.200, injected: false, labels: {mesh.weft.dev/hop: "1"}}
      EAST
      """;

  /** A request; {@code N} in its path tells its line of the log from others. */
  private record Ask(String method, String path, String... headers) {}

  private static final List<Ask> ASKS =
      List.of(
          new Ask("GET", "/?N"),
          new Ask("GET", "/exact?N"),
          new Ask("GET", "/exactly?N"),
          new Ask("GET", "/eXACT?N"),
          new Ask("GET", "/prefix?N"),
          new Ask("GET", "/r/12?N"),
          new Ask("GET", "/re/a/x?N"),
          new Ask("GET", "/old/thing?q=1&N"),
          new Ask("GET", "/here/../gold/./x?N"),
          new Ask("GET", "/unknown?N"),
          new Ask("GET", "/gold?N"),
          new Ask("GET", "/silver?N"),
          new Ask("GET", "/?q=v&N"),
          new Ask("GET", "/?a=b&r=12&N"),
          new Ask("DELETE", "/?N"),
          new Ask("GET", "/?N", "x-a: one"),
          new Ask("GET", "/?N", "x-b: two"),
          new Ask("GET", "/?N", "x-bot: 1"),
          new Ask("GET", "/?N", "host: web.shop.svc.cluster.local"),
          new Ask("GET", "/?N", "host: other.shop"),
          new Ask("GET", "/?N", "host: nobody.example"),
          new Ask(
              "OPTIONS", "/?N", "origin: https://a.example", "access-control-request-method: PUT"));

  @TempDir private Path files;

  private static List<Feature> features() {
    List<Feature> all = new ArrayList<>(RoutingFeatures.all());
    all.addAll(FailureFeatures.all());
    all.addAll(PolicyFeatures.all());
    all.add(
        new Feature(
            "plain text where mutual TLS is needed",
            "- {apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name:"
                + " default, namespace: shop}, spec: {mtls: {mode: STRICT}}}\n"
                + Feature.virtualService(
                    "web", "{route: [{destination: {host: web}}], retries: {attempts: 0}}")
                + Feature.rule("web", "trafficPolicy: {tls: {mode: DISABLE}}"),
            client -> {}));
    all.add(
        new Feature(
            "policies of access",
            "- {kind: AuthorizationPolicy, metadata: {name: web, namespace: shop}, spec: {selector:"
                + " {matchLabels: {app: web}}, rules: [{from: [{source: {namespaces: [shop]}}], to:"
                + " [{operation: {methods: [GET], notPaths: ['/gold*', /exact]}}]}]}}\n",
            client -> {}));
    return all;
  }

  @TestFactory
  Stream<DynamicNode> stories_come_true() {
    return Stream.of("WEST", "EAST").map(this::column);
  }

  private DynamicNode column(String place) {
    String other = place.equals("WEST") ? "EAST" : "WEST";
    World world =
        new World(
            MESH.replace(place + "\n", SERVERS).replace(other + "\n", ""), files.resolve(place));
    Stream<DynamicTest> tests =
        features().stream().map(f -> DynamicTest.dynamicTest(f.name(), () -> check(f, world)));
    return DynamicContainer.dynamicContainer(
        "servers in " + place,
        Stream.concat(tests, Stream.of(DynamicTest.dynamicTest("end", world::close))));
  }

  private static void check(Feature feature, World world) {
    world.objects(feature.objects());
    MeshSnapshot snapshot = world.snapshot();
    Client client = world.client("client-1", true, "story");
    try {
      for (int i = 0; i < ASKS.size(); i++) {
        Ask ask = ASKS.get(i);
        client.send(ask.method(), ask.path().replace("N", "n=" + i + ";"), ask.headers());
      }
    } finally {
      client.close();
    }
    List<String> log = client.proxy().log();
    assertThat(log).hasSize(ASKS.size());
    for (String line : log) {
      compare(parsed(line), story(snapshot, line));
    }
  }

  private static RequestStory story(MeshSnapshot snapshot, String line) {
    String path = parsed(line).path("path").asText();
    Ask ask = ASKS.get(Integer.parseInt(path.replaceAll(".*n=(\\d+);.*", "$1")));
    Map<String, String> headers = new TreeMap<>();
    for (String header : ask.headers()) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 2));
    }
    try {
      return Stories.tell(
          snapshot,
          new RequestQuestion(line, "client-1.shop", "west", "", "", "", headers),
          pod -> false);
    } catch (UnclearException e) {
      throw new AssertionError(line, e);
    }
  }

  private static void compare(JsonNode logged, RequestStory story) {
    String flags = logged.path("response_flags").asText("-");
    if (story.outcome().kind() != Ending.FORWARDED) {
      assertThat(logged.path("response_code").asInt())
          .as("status of %s, told as %s", logged, story)
          .isEqualTo(story.outcome().status());
      assertThat(flags)
          .as("flags of %s, told as %s", logged, story)
          .isEqualTo(story.outcome().flags());
      return;
    }
    if (flags.contains("FI")) {
      assertThat(story.steps()).anyMatch(s -> s.code().equals("abort"));
      return;
    }
    String cluster = logged.path("upstream_cluster").asText();
    List<Destination> taken =
        story.destinations().stream()
            .filter(d -> cluster.endsWith("|" + d.subset() + "|" + d.service()))
            .toList();
    assertThat(taken).as("destination of %s, told as %s", logged, story).hasSize(1);
    List<Portion> places = taken.getFirst().places();
    String host = logged.path("upstream_host").asText("-");
    assertThat(places)
        .as("places of %s, told as %s", logged, story)
        .anyMatch(
            p ->
                p.place().equals(Portion.NOWHERE)
                    ? flags.equals("UH")
                    : p.address().contains(host));
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
