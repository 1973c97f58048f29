package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.testkit.Settle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every feature of VirtualService and DestinationRule gives the same answers, response flags, log
 * lines and metrics, whether the endpoints are in the client's cluster or behind a cross-cluster
 * proxy of another network.
 */
class HopParityTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What differs by nature: times, sizes with times in them, addresses, identifiers. */
  private static final List<String> UNEQUAL =
      List.of(
          "start_time",
          "duration",
          "upstream_service_time",
          "request_id",
          "bytes_received",
          "bytes_sent",
          "upstream_host",
          "upstream_local_address",
          "downstream_local_address",
          "downstream_remote_address",
          "x_forwarded_for");

  private static final String FAILURE = "upstream_transport_failure_reason";

  /** The column of what the servers counted, beside the features. */
  private static final String SERVERS_METRICS = "metrics of the servers";

  /** Where the endpoints are, seen from the client. */
  enum Place {
    INSIDE,
    ACROSS
  }

  /** What was seen of one feature: distinct lines of logs and label sets of metrics. */
  private record Seen(Set<String> clientLog, Set<String> clientLabels, Set<String> serverLog) {}

  private static final String SERVERS =
      """
            - {name: web-v1.shop, app: web, ip: NET.11, labels: {version: v1}}
            - {name: web-v2a.shop, app: web, ip: NET.21, labels: {version: v2}}
            - {name: web-v2b.shop, app: web, ip: NET.22, labels: {version: v2}}
            - {name: other-1.shop, app: other, ip: NET.31}
            - {name: half-1.shop, app: half, ip: NET.41}
            - {name: half-2.shop, app: half, ip: NET.42, dead: true}
            - {name: dead-1.shop, app: dead, ip: NET.51, dead: true}
      """;

  private static final String MESH =
      """
      mesh: {accessLogFile: /dev/stdout, accessLogFormat: istio-json}
      clusters:
        west:
          network: network-west
          locality: r1/z1
          services: &services
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}, {name: http-alt, port: 9000, targetPort: 8081}]}
            - {name: other.shop, vip: 10.96.0.2, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: half.shop, vip: 10.96.0.3, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: dead.shop, vip: 10.96.0.4, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: calls.shop, vip: 10.96.0.5, ports: [{name: http, port: 8000, targetPort: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.9, labels: {tier: gold}}
            - {name: client-2.shop, app: client, ip: NET.10}
      WEST
        east:
          network: network-east
          crossClusterProxy: true
          locality: r2/z1
          services:
            - {name: web.shop, vip: 10.97.0.1, ports: [{name: http, port: 8000, targetPort: 8080}, {name: http-alt, port: 9000, targetPort: 8081}]}
            - {name: other.shop, vip: 10.97.0.2, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: half.shop, vip: 10.97.0.3, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: dead.shop, vip: 10.97.0.4, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: calls.shop, vip: 10.97.0.5, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: istio-asm-cross-network-east.istio-system, vip: 10.97.9.9, ports: [{name: tls, port: 15443}], loadBalancer: [NET.200]}
          pods:
            - {name: istio-asm-cross-network-east-1.istio-system, app: istio-asm-cross-network-east, ip: NET.200, injected: false, labels: {mesh.weft.dev/hop: "1"}}
      EAST
      """;

  /** Of {@code calls}; their application is the test's own. */
  private static final String GRPC_SERVERS =
      """
            - {name: calls-1.shop, app: calls, ip: NET.61, own: true}
            - {name: calls-2.shop, app: calls, ip: NET.62, own: true}
            - {name: calls-3.shop, app: calls, ip: NET.63, own: true}
      """;

  @TempDir private Path files;

  static World world(Place place, Path files) {
    return world(MESH, SERVERS, place, files);
  }

  /** The same with servers of HTTP/2. */
  static World http2(Place place, Path files) {
    return world(MESH.replace("{name: http, ", "{name: http2, "), SERVERS, place, files);
  }

  /** With gRPC servers {@code calls-1} to {@code calls-3} that the test brings. */
  static World grpc(Place place, Path files) {
    return world(MESH.replace("{name: http, ", "{name: grpc, "), GRPC_SERVERS, place, files);
  }

  private static World world(String mesh, String servers, Place place, Path files) {
    return new World(
        mesh.replace("WEST\n", place == Place.INSIDE ? servers : "")
            .replace("EAST\n", place == Place.ACROSS ? servers : ""),
        files);
  }

  static List<Feature> features() {
    List<Feature> all = new ArrayList<>(RoutingFeatures.all());
    all.addAll(FailureFeatures.all());
    all.addAll(PolicyFeatures.all());
    return all;
  }

  @TestFactory
  Stream<DynamicNode> features_do_the_same_across_clusters() {
    Map<Place, Map<String, Seen>> seen = new EnumMap<>(Place.class);
    Stream<DynamicNode> columns =
        Stream.of(Place.values())
            .map(
                place ->
                    DynamicContainer.dynamicContainer(
                        place.name(),
                        column(place, seen.computeIfAbsent(place, p -> new TreeMap<>()))));
    Stream<DynamicNode> comparison =
        Stream.of(
            DynamicContainer.dynamicContainer(
                "the same in both",
                features().stream()
                    .map(
                        feature ->
                            DynamicTest.dynamicTest(
                                feature.name(), () -> compare(feature.name(), seen)))));
    return Stream.concat(columns, comparison);
  }

  @Test
  void limits_of_connections_are_each_clients_own() {
    try (World world = world(Place.ACROSS, files)) {
      world.objects(
          Feature.rule(
              "other",
              "trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}, http: {http2MaxRequests: 1}}}"));
      try (Client one = world.client("client-1", true, "one");
          Client two = world.client("client-2", true, "two");
          Client.Conversation held = one.talk()) {
        held.send("GET", "/never", "host: other.shop");
        Settle.until(
            "it is held", () -> world.app.received.stream().anyMatch(r -> r.contains(" /never ")));
        assertThat(one.get("/", "host: other.shop").status()).isEqualTo(503);
        assertThat(two.get("/", "host: other.shop").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void what_is_to_be_called_in_plain_text_cannot_cross() {
    try (World world = world(Place.ACROSS, files)) {
      world.objects(Feature.rule("web", "trafficPolicy: {tls: {mode: DISABLE}}"));
      try (Client client = world.client("client-1", true, "plain")) {
        Client.Answer answer = client.get("/");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("no healthy upstream");
      }
    }
  }

  private static Seen seen(Map<Place, Map<String, Seen>> all, Place place, String feature) {
    Seen seen = all.getOrDefault(place, Map.of()).get(feature);
    if (seen == null) {
      throw new AssertionError(feature + " was not run " + place);
    }
    return seen;
  }

  private static void compare(String feature, Map<Place, Map<String, Seen>> seen) {
    Seen inside = seen(seen, Place.INSIDE, feature);
    Seen across = seen(seen, Place.ACROSS, feature);
    assertThat(across.clientLog()).as("log of the client's proxy").isEqualTo(inside.clientLog());
    assertThat(across.clientLabels())
        .as("metrics of the client's proxy")
        .isEqualTo(inside.clientLabels());
    assertThat(across.serverLog()).as("log of the servers' proxies").isEqualTo(inside.serverLog());
  }

  private Stream<DynamicNode> column(Place place, Map<String, Seen> seen) {
    World world = world(place, files.resolve(place.name()));
    Stream<DynamicNode> tests =
        features().stream()
            .map(
                feature ->
                    DynamicTest.dynamicTest(feature.name(), () -> run(feature, world, seen)));
    Stream<DynamicNode> end =
        Stream.of(DynamicTest.dynamicTest("the servers' logs and metrics", () -> end(world, seen)));
    return Stream.concat(tests, end);
  }

  private static void run(Feature feature, World world, Map<String, Seen> seen) {
    world.objects(feature.objects());
    Client client = world.client("client-1", true, feature.name());
    try {
      feature.check().by(client);
    } finally {
      client.close();
      seen.put(
          feature.name(),
          new Seen(lines(client.proxy().log()), labels(client.proxy().labels()), new TreeSet<>()));
    }
  }

  private static void end(World world, Map<String, Seen> seen) {
    world.close();
    Set<String> labels = new TreeSet<>();
    world
        .proxies()
        .forEach(
            (name, proxy) -> {
              labels.addAll(labels(proxy.labels()));
              for (String line : proxy.log()) {
                Seen of = seen.get(parsed(line).path("user_agent").asText());
                if (of != null) {
                  of.serverLog().addAll(lines(List.of(line)));
                }
              }
            });
    assertThat(labels).isNotEmpty();
    seen.put(SERVERS_METRICS, new Seen(Set.of(), labels, Set.of()));
  }

  /** Without the cluster of the server, and without its version, which is chosen by chance. */
  private static Set<String> labels(Collection<String> labels) {
    Set<String> same = new TreeSet<>();
    labels.forEach(
        l -> same.add(l.replaceAll("(destination_cluster|destination_version)=\"[^\"]*\"", "$1")));
    return same;
  }

  private static Set<String> lines(Collection<String> log) {
    Set<String> lines = new TreeSet<>();
    for (String line : log) {
      if (parsed(line) instanceof ObjectNode fields) {
        if (fields.path(FAILURE).asText().matches(".*(Connection_refused|closed_by_the_peer).*")) {
          // A refused client learns of it from the kernel, or from a gateway that hangs up.
          fields.put(FAILURE, "refused");
        }
        lines.add(fields.remove(UNEQUAL).toString());
      }
    }
    return lines;
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
