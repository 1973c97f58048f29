package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where requests really go under the rules of localities, while endpoints answer and while they
 * fail: some in the client's network, some behind a cross-cluster proxy. Pods of one letter share a
 * locality: a r1/z1/s1, b r1/z1/s2, c r1/z2/s1, and on the other network d r2/z1/s1, e r3/z1/s1, f
 * r1/z3/s1.
 */
class LocalityTrafficTest {
  private static final String[] ALL = {
    "a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2", "e1", "e2", "f1", "f2"
  };
  private static final int REQUESTS = 600;

  /** So many requests without a failing answer: what fails is ejected. */
  private static final int CALM = 150;

  /** Four standard deviations of the least certain share. */
  private static final double TOLERANCE = 8;

  private static final String MESH =
      """
      mesh: {accessLogFile: ""}
      clusters:
        west:
          network: network-west
          services:
            - {name: web.shop, vip: 10.96.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
          pods:
            - {name: client-1.shop, app: client, ip: NET.8, labels: {istio-locality: r1.z1.s1}}
            - {name: client-2.shop, app: client, ip: NET.9, labels: {istio-locality: r2.z1.s1}}
            - {name: a1.shop, app: web, ip: NET.11, labels: {istio-locality: r1.z1.s1}}
            - {name: a2.shop, app: web, ip: NET.12, labels: {istio-locality: r1.z1.s1}}
            - {name: b1.shop, app: web, ip: NET.21, labels: {istio-locality: r1.z1.s2}}
            - {name: b2.shop, app: web, ip: NET.22, labels: {istio-locality: r1.z1.s2}}
            - {name: c1.shop, app: web, ip: NET.31, labels: {istio-locality: r1.z2.s1}}
            - {name: c2.shop, app: web, ip: NET.32, labels: {istio-locality: r1.z2.s1}}
        east:
          network: network-east
          crossClusterProxy: true
          services:
            - {name: web.shop, vip: 10.97.0.1, ports: [{name: http, port: 8000, targetPort: 8080}]}
            - {name: istio-asm-cross-network-east.istio-system, vip: 10.97.9.9, ports: [{name: tls, port: 15443}], loadBalancer: [NET.200, NET.201]}
          pods:
            - {name: istio-asm-cross-network-east-1.istio-system, app: istio-asm-cross-network-east, ip: NET.200, injected: false, labels: {mesh.weft.dev/hop: "1"}}
            - {name: istio-asm-cross-network-east-2.istio-system, app: istio-asm-cross-network-east, ip: NET.201, injected: false, labels: {mesh.weft.dev/hop: "1"}}
            - {name: d1.shop, app: web, ip: NET.41, labels: {istio-locality: r2.z1.s1}}
            - {name: d2.shop, app: web, ip: NET.42, labels: {istio-locality: r2.z1.s1}}
            - {name: e1.shop, app: web, ip: NET.51, labels: {istio-locality: r3.z1.s1}}
            - {name: e2.shop, app: web, ip: NET.52, labels: {istio-locality: r3.z1.s1}}
            - {name: f1.shop, app: web, ip: NET.61, labels: {istio-locality: r1.z3.s1}}
            - {name: f2.shop, app: web, ip: NET.62, labels: {istio-locality: r1.z3.s1}}
      """;

  private static final String OUTLIERS =
      "outlierDetection: {consecutive5xxErrors: 1, interval: 1s, baseEjectionTime: 60s}";

  @TempDir private Path files;
  private World world;

  @BeforeEach
  void start() {
    world = new World(MESH, files);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  /** Without failover the cap is Envoy's, 10 percent; these rules lift it. */
  private static String uncapped(String setting) {
    return balancer(setting).replace("interval", "maxEjectionPercent: 100, interval");
  }

  private static String balancer(String setting) {
    return "loadBalancer: {simple: ROUND_ROBIN, localityLbSetting: {" + setting + "}}, " + OUTLIERS;
  }

  private static final List<LocalityCase> CASES =
      List.of(
          LocalityCase.of("nearest first", "client-1", OUTLIERS, false, "a", "b", "c f", "d e"),
          LocalityCase.of(
              "nearest first, for a client whose locality is behind the other gateway",
              "client-2",
              OUTLIERS,
              false,
              "d",
              "a b c e f"),
          LocalityCase.of(
              "failover to a region",
              "client-1",
              balancer("failover: [{from: r1, to: r3}]"),
              true,
              "a",
              "b",
              "c f",
              "e",
              "d"),
          LocalityCase.of(
              "failover from another region does not count",
              "client-1",
              balancer("failover: [{from: r2, to: r3}]"),
              true,
              "a",
              "b",
              "c f",
              "d e"),
          LocalityCase.of(
              "failoverPriority: network",
              "client-1",
              balancer("failoverPriority: [topology.istio.io/network]"),
              true,
              "a b c",
              "d e f"),
          LocalityCase.of(
              "failoverPriority: region and zone",
              "client-1",
              balancer(
                  "failoverPriority: [topology.kubernetes.io/region, topology.kubernetes.io/zone]"),
              true,
              "a b",
              "c f",
              "d e"),
          LocalityCase.of(
              "failoverPriority with a value of its own",
              "client-1",
              balancer("failoverPriority: ['topology.kubernetes.io/region=r3']"),
              true,
              "e",
              "a b c d f"),
          LocalityCase.of(
              "failoverPriority and failover",
              "client-1",
              balancer(
                  "failoverPriority: [topology.istio.io/network], failover: [{from: r1, to: r2}]"),
              true,
              "a",
              "b",
              "c",
              "f",
              "d",
              "e"),
          LocalityCase.of(
              "distribute: zones and regions",
              "client-1",
              uncapped(
                  "distribute: [{from: r1/z1/*, to: {'r1/z1/*': 70, 'r2/*': 20, 'r3/*': 10}}]"),
              true,
              "a=35 b=35 d=20 e=10"),
          LocalityCase.of(
              "distribute: most of it to the other network",
              "client-1",
              uncapped(
                  "distribute: [{from: r1/*, to: {'r1/z3/*': 60, 'r1/z1/s1': 10, 'r2/z1/s1': 30}}]"),
              true,
              "f=60 a=10 d=30"),
          LocalityCase.of(
              "distribute: for others",
              "client-1",
              uncapped("distribute: [{from: r2/*, to: {'r2/*': 100}}]"),
              true,
              "a b c d e f"),
          LocalityCase.of(
              "localities are alike where they are switched off",
              "client-1",
              uncapped("enabled: false"),
              false,
              "a b c d e f"));

  @TestFactory
  Stream<DynamicNode> requests_go_where_the_rule_says() {
    return CASES.stream()
        .map(
            c ->
                DynamicContainer.dynamicContainer(
                    c.name(),
                    Stream.of(
                        DynamicTest.dynamicTest("all answer", () -> check(c, true, Set.of())),
                        DynamicTest.dynamicTest(
                            "the first priority fails", () -> check(c, true, first(c, "1", "2"))),
                        DynamicTest.dynamicTest(
                            "half of the first priority fails",
                            () -> check(c, true, first(c, "1"))),
                        DynamicTest.dynamicTest(
                            "all fail", () -> check(c, true, Set.copyOf(List.of(ALL)))))));
  }

  @TestFactory
  Stream<DynamicNode> gateways_that_choose_get_the_sum_of_their_localities() {
    return CASES.stream()
        .filter(c -> first(c, "1").stream().noneMatch(p -> p.matches("[def].")))
        .filter(c -> !c.rule().contains("topology.kubernetes.io"))
        .map(
            c ->
                DynamicContainer.dynamicContainer(
                    c.name(),
                    Stream.of(
                        DynamicTest.dynamicTest("all answer", () -> check(c, false, Set.of())),
                        DynamicTest.dynamicTest(
                            "the first priority fails", () -> check(c, false, first(c, "1", "2"))),
                        DynamicTest.dynamicTest(
                            "half of the first priority fails",
                            () -> check(c, false, first(c, "1"))))));
  }

  /** Pods of the first priority, or of the heaviest locality where there is only one priority. */
  private static Set<String> first(LocalityCase c, String... numbers) {
    Map<String, Integer> weights = c.levels().getFirst().weights();
    int heaviest = weights.values().stream().mapToInt(w -> w).max().orElse(0);
    Set<String> pods = new HashSet<>();
    weights.forEach(
        (letter, weight) -> {
          if (c.levels().size() > 1 || weight == heaviest) {
            for (String number : numbers) {
              pods.add(letter + number);
            }
          }
        });
    return pods;
  }

  private void check(LocalityCase c, boolean names, Set<String> failing) {
    rule(c.rule());
    Map<String, Double> expected = across(names, expected(c, failing));
    Map<String, Double> seen = across(names, shares(c.client(), names, failing));
    for (String locality : List.of("a", "b", "c", "d", "e", "f", "503")) {
      assertThat(seen.getOrDefault(locality, 0.0))
          .as("percent of %s, of %s where %s is expected", locality, seen, expected)
          .isBetween(
              expected.getOrDefault(locality, 0.0) - TOLERANCE,
              expected.getOrDefault(locality, 0.0) + TOLERANCE);
    }
  }

  /**
   * A gateway that chooses does so among all of its pods: only their sum is the client's choice.
   */
  private static Map<String, Double> across(boolean names, Map<String, Double> shares) {
    if (names) {
      return shares;
    }
    Map<String, Double> sums = new HashMap<>();
    shares.forEach(
        (locality, share) ->
            sums.merge(locality.matches("[def]") ? "d" : locality, share, Double::sum));
    return sums;
  }

  private void rule(String policy) {
    world.objects(
        Feature.virtualService(
                "web", "{route: [{destination: {host: web}}], retries: {attempts: 0}}")
            + Feature.rule("web", "trafficPolicy: {" + policy + "}"));
  }

  /** Percent by locality once what fails is ejected; {@code 503} for what nobody answers. */
  private Map<String, Double> shares(String pod, boolean names, Set<String> failing) {
    world.app.failing(failing.toArray(String[]::new));
    try (Client client = world.client(pod, names, "shares")) {
      try (Client.Conversation talk = client.talk()) {
        int calm = 0;
        for (int i = 0; i < 2_000 && calm < CALM; i++) {
          Client.Answer answer = talk.get("/");
          calm = answer.status() == 503 && !answer.pod().isEmpty() ? 0 : calm + 1;
        }
      }
      world.app.failing();
      Map<String, Double> shares = new HashMap<>();
      client
          .times(REQUESTS, "/")
          .forEach(
              (answer, times) ->
                  shares.merge(
                      answer.equals("503") ? answer : answer.substring(0, 1),
                      100.0 * times / REQUESTS,
                      Double::sum));
      return shares;
    }
  }

  /**
   * What Envoy's documentation says: a priority can take 1.4 times its share of healthy endpoints,
   * what it cannot take goes to the next, and all together take everything; localities of a
   * priority by pods, or by weight times 1.4 times their share of healthy pods.
   */
  private static Map<String, Double> expected(LocalityCase c, Set<String> failing) {
    List<Double> capacities = new ArrayList<>();
    for (LocalityCase.Level level : c.levels()) {
      Set<String> pods = level.pods();
      long good = pods.stream().filter(p -> !failing.contains(p)).count();
      capacities.add(Math.min(100.0, 140.0 * good / pods.size()));
    }
    double all = Math.min(100, capacities.stream().mapToDouble(x -> x).sum());
    Map<String, Double> shares = new HashMap<>();
    if (all == 0) {
      shares.put("503", 100.0);
      return shares;
    }
    double left = 100;
    for (int i = 0; i < capacities.size(); i++) {
      double load = Math.min(left, capacities.get(i) * 100 / all);
      left -= load;
      Map<String, Double> parts = new HashMap<>();
      c.levels()
          .get(i)
          .weights()
          .forEach(
              (locality, weight) -> {
                int good =
                    (failing.contains(locality + "1") ? 0 : 1)
                        + (failing.contains(locality + "2") ? 0 : 1);
                parts.put(locality, c.weighted() ? weight * Math.min(1, 1.4 * good / 2) : good);
              });
      double sum = parts.values().stream().mapToDouble(x -> x).sum();
      if (sum > 0) {
        parts.forEach((locality, part) -> shares.merge(locality, load * part / sum, Double::sum));
      }
    }
    return shares;
  }

  @Test
  void in_panic_all_endpoints_are_used_wherever_they_are() {
    rule(
        "outlierDetection: {consecutive5xxErrors: 1, interval: 1s, baseEjectionTime: 60s,"
            + " minHealthPercent: 50}");
    Map<String, Double> shares = shares("client-1", true, Set.copyOf(List.of(ALL)));
    assertThat(shares).containsKey("a").doesNotContainKey("503");
  }

  @Test
  void without_failover_one_endpoint_in_ten_is_ejected_at_most() {
    rule(balancer("enabled: false"));
    // Pods behind two gateways count twice, so there are 18: one of a goes, the other has 2 / 22.
    try (Client client = world.client("client-1", true, "shares")) {
      world.app.failing("a1", "a2");
      client.times(200, "/");
      assertThat(client.times(REQUESTS, "/").get("503")).isBetween(35, 75);
    } finally {
      world.app.failing();
    }
  }

  @Test
  void a_written_ejection_cap_wins() {
    rule(
        "loadBalancer: {simple: ROUND_ROBIN}, outlierDetection: {consecutive5xxErrors: 1, interval: 1s,"
            + " baseEjectionTime: 60s, maxEjectionPercent: 9}");
    // One of twelve: a1 or a2 goes, the other one stays and takes 70 percent.
    Map<String, Double> shares = shares("client-1", true, Set.of("a1", "a2"));
    assertThat(shares.get("a")).isBetween(70 - TOLERANCE, 70 + TOLERANCE);
    assertThat(shares.get("b")).isBetween(30 - TOLERANCE, 30 + TOLERANCE);
  }
}
