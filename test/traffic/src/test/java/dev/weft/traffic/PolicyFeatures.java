package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a DestinationRule says of the way to a service. */
final class PolicyFeatures {
  private static final String[] ALL = {"web-v1", "web-v2a", "web-v2b"};

  private PolicyFeatures() {}

  private static Feature balancer(String name, String loadBalancer, Feature.Check check) {
    return Feature.policy(name, "trafficPolicy: {loadBalancer: {" + loadBalancer + "}}", check);
  }

  private static Feature pool(String name, String pool, Feature.Check check) {
    return Feature.policy(name, "trafficPolicy: {connectionPool: {" + pool + "}}", check);
  }

  private static Feature outliers(String name, String outliers, Feature.Check check) {
    return Feature.policy(
        name,
        "trafficPolicy: {outlierDetection: {interval: 1s, baseEjectionTime: 60s, "
            + outliers
            + "}}",
        check);
  }

  /** Where requests with sixty different keys go; each key always to one pod. */
  private static void sticky(java.util.function.Function<Integer, Client.Answer> call) {
    Set<String> pods = new HashSet<>();
    for (int key = 1; key <= 60; key++) {
      String pod = call.apply(key).pod();
      assertThat(call.apply(key).pod()).as("key " + key).isEqualTo(pod);
      pods.add(pod);
    }
    assertThat(pods).containsExactlyInAnyOrder(ALL);
  }

  static List<Feature> all() {
    List<Feature> all = new ArrayList<>(balance());
    all.addAll(pools());
    all.addAll(ejection());
    all.addAll(transport());
    return all;
  }

  private static List<Feature> balance() {
    return List.of(
        balancer(
            "ROUND_ROBIN",
            "simple: ROUND_ROBIN",
            client ->
                assertThat(client.times(30, "/"))
                    .isEqualTo(Map.of("web-v1", 10, "web-v2a", 10, "web-v2b", 10))),
        balancer(
            "LEAST_REQUEST",
            "simple: LEAST_REQUEST",
            client -> {
              assertThat(client.times(300, "/").values())
                  .allSatisfy(n -> assertThat(n).isBetween(60, 140));
              // Who holds a request gets no other while somebody is free.
              try (Client.Conversation held = client.talk()) {
                held.send("GET", "/never");
                Settle.until("it is held", () -> client.app.received.getLast().contains("/never"));
                String busy = client.app.received.getLast().split(" ")[0];
                assertThat(client.times(300, "/").getOrDefault(busy, 0)).isLessThan(60);
              }
            }),
        balancer(
            "RANDOM",
            "simple: RANDOM",
            client ->
                assertThat(client.times(300, "/").values())
                    .allSatisfy(n -> assertThat(n).isBetween(60, 140))),
        balancer(
            "consistentHash: header",
            "consistentHash: {httpHeaderName: x-user}",
            client -> sticky(key -> client.get("/", "x-user: u" + key))),
        balancer(
            "consistentHash: Maglev",
            "consistentHash: {httpHeaderName: x-user, maglev: {tableSize: 1021}}",
            client -> sticky(key -> client.get("/", "x-user: u" + key))),
        balancer(
            "consistentHash: query parameter",
            "consistentHash: {httpQueryParameterName: user}",
            client -> sticky(key -> client.get("/?user=u" + key))),
        balancer(
            "consistentHash: source address",
            "consistentHash: {useSourceIp: true}",
            client ->
                sticky(
                    key -> {
                      try (Client.Conversation from = client.talkFrom("127.0.1." + key)) {
                        return from.get("/");
                      }
                    })),
        balancer(
            "consistentHash: cookie, made where there is none",
            "consistentHash: {httpCookie: {name: user, path: /, ttl: 60s}}",
            client -> {
              Client.Answer first = client.get("/");
              String cookie = first.header("set-cookie");
              assertThat(cookie).startsWith("user=").containsIgnoringCase("max-age=60");
              String value = cookie.substring(0, cookie.indexOf(';'));
              for (int i = 0; i < 5; i++) {
                Client.Answer next = client.get("/", "cookie: " + value);
                assertThat(next.pod()).isEqualTo(first.pod());
                assertThat(next.header("set-cookie")).isEmpty();
              }
              sticky(key -> client.get("/", "cookie: user=u" + key));
            }),
        balancer(
            "warmup leaves endpoints that were there alone",
            "simple: ROUND_ROBIN, warmupDurationSecs: 60s",
            client -> assertThat(client.times(30, "/").keySet()).containsExactly(ALL)),
        Feature.policy(
            "portLevelSettings",
            "trafficPolicy: {loadBalancer: {simple: RANDOM}, portLevelSettings: [{port: {number: 8000}, loadBalancer:"
                + " {simple: ROUND_ROBIN}}]}",
            client ->
                assertThat(client.times(30, "/"))
                    .isEqualTo(Map.of("web-v1", 10, "web-v2a", 10, "web-v2b", 10))),
        new Feature(
            "policies of subsets",
            Feature.virtualService(
                    "web",
                    "{route: [{destination: {host: web, subset: v2, port: {number: 8000}}}]}")
                + Feature.rule(
                    "web",
                    "trafficPolicy: {loadBalancer: {simple: RANDOM}}, subsets: [{name: v2, labels: {version: v2},"
                        + " trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}}]"),
            client ->
                assertThat(client.times(20, "/")).isEqualTo(Map.of("web-v2a", 10, "web-v2b", 10))));
  }

  private static List<Feature> pools() {
    return List.of(
        pool("maxConnections", "tcp: {maxConnections: 1}", client -> overflowsAfter(1, client)),
        pool(
            "http2MaxRequests", "http: {http2MaxRequests: 2}", client -> overflowsAfter(2, client)),
        pool(
            "maxRequestsPerConnection",
            "http: {maxRequestsPerConnection: 1}",
            client -> {
              try (Client.Conversation kept = client.talk()) {
                for (int i = 0; i < 10; i++) {
                  assertThat(kept.get("/").status()).isEqualTo(200);
                }
              }
              assertThat(client.idle()).isZero();
            }),
        pool(
            "connections are kept without it",
            "http: {maxRequestsPerConnection: 0}",
            client -> {
              client.times(30, "/");
              assertThat(client.idle()).isEqualTo(3);
            }),
        pool(
            "idleTimeout",
            "http: {idleTimeout: 200ms}",
            client -> {
              client.times(9, "/");
              Settle.until("idle connections are closed", () -> client.idle() == 0);
              assertThat(client.get("/").status()).isEqualTo(200);
            }),
        pool(
            "maxConnectionDuration",
            "tcp: {maxConnectionDuration: 200ms}",
            client -> {
              client.times(9, "/");
              Settle.until("old connections are closed", () -> client.idle() == 0);
            }),
        new Feature(
            "maxRetries",
            Feature.virtualService(
                    "web",
                    "{route: [{destination: {host: web, port: {number: 8000}}}], retries: {attempts: 2, retryOn: 5xx}}")
                + Feature.rule("web", "trafficPolicy: {connectionPool: {http: {maxRetries: 10}}}"),
            client ->
                assertThat(client.get("/flaky/2/503/" + client.key()).status()).isEqualTo(200)),
        pool(
            "h2UpgradePolicy",
            "http: {h2UpgradePolicy: UPGRADE, maxConcurrentStreams: 10}",
            client -> {
              Map<String, Integer> times = client.times(300, "/");
              assertThat(times.keySet()).containsExactly(ALL);
              assertThat(times.values()).allSatisfy(n -> assertThat(n).isBetween(60, 140));
            }),
        pool(
            "useClientProtocol",
            "http: {useClientProtocol: true}",
            client -> assertThat(client.times(30, "/").keySet()).containsExactly(ALL)));
  }

  /** That many requests are let through, the next one is refused, and all is well again later. */
  private static void overflowsAfter(int most, Client client) {
    List<Client.Conversation> held = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      String path = "/never/" + client.key() + i;
      held.add(client.talk().send("GET", path));
      Settle.until(
          "it is held", () -> client.app.received.stream().anyMatch(r -> r.contains(path + " ")));
    }
    Client.Answer refused = client.get("/");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("x-envoy-overloaded")).isEqualTo("true");
    held.forEach(Client.Conversation::close);
    Settle.until("there is room again", () -> client.get("/").status() == 200);
  }

  private static List<Feature> ejection() {
    return List.of(
        outliers(
            "consecutive5xxErrors",
            "consecutive5xxErrors: 3",
            client -> {
              client.app.failing("web-v1");
              assertThat(client.times(60, "/").get("503")).isEqualTo(3);
              assertThat(client.times(60, "/").keySet()).containsExactly("web-v2a", "web-v2b");
              client.app.failing();
            }),
        outliers(
            "consecutiveGatewayErrors",
            "consecutiveGatewayErrors: 2, consecutive5xxErrors: 0",
            client -> {
              client.app.failing("web-v2a");
              assertThat(client.times(60, "/").get("503")).isEqualTo(2);
              assertThat(client.times(60, "/").keySet()).containsExactly("web-v1", "web-v2b");
              client.app.failing();
            }),
        outliers(
            "all endpoints may be ejected where nobody set a limit",
            "consecutive5xxErrors: 1",
            client -> {
              client.app.failing(ALL);
              assertThat(client.times(30, "/")).isEqualTo(Map.of("503", 30));
              client.app.failing();
              Client.Answer answer = client.get("/");
              assertThat(answer.status()).isEqualTo(503);
              assertThat(answer.body()).isEqualTo("no healthy upstream");
            }),
        outliers(
            "maxEjectionPercent",
            "consecutive5xxErrors: 1, maxEjectionPercent: 34",
            client -> {
              client.app.failing("web-v1", "web-v2a");
              client.times(30, "/");
              Map<String, Integer> later = client.times(60, "/");
              assertThat(later.keySet()).containsExactly("503", "web-v2b");
              assertThat(later.get("503")).isBetween(15, 45);
              client.app.failing();
            }),
        outliers(
            "minHealthPercent: panic",
            "consecutive5xxErrors: 1, minHealthPercent: 50",
            client -> {
              client.app.failing("web-v1", "web-v2a");
              client.times(30, "/");
              client.app.failing();
              assertThat(client.times(90, "/").keySet()).containsExactly(ALL);
            }),
        new Feature(
            "consecutiveLocalOriginFailures",
            Feature.virtualService(
                    "half", "{route: [{destination: {host: half}}], retries: {attempts: 0}}")
                + Feature.rule(
                    "half",
                    "trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}, outlierDetection: {splitExternalLocalOriginErrors:"
                        + " true, consecutiveLocalOriginFailures: 2, interval: 1s, baseEjectionTime: 60s}}"),
            client -> {
              Map<String, Integer> first = client.times(20, "/", "host: half.shop");
              assertThat(first).isEqualTo(Map.of("503", 2, "half-1", 18));
            }));
  }

  private static List<Feature> transport() {
    return List.of(
        Feature.policy(
            "tls: ISTIO_MUTUAL",
            "trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}",
            client -> {
              Client.Answer answer = client.get("/");
              assertThat(answer.status()).isEqualTo(200);
              assertThat(answer.received())
                  .contains("uri=spiffe://cluster.local/ns/shop/sa/client");
            }),
        Feature.policy(
            "tls: ISTIO_MUTUAL with a name that the server has not",
            "trafficPolicy: {tls: {mode: ISTIO_MUTUAL, subjectAltNames: ['spiffe://cluster.local/ns/shop/sa/nobody']}}",
            client -> {
              Client.Answer answer = client.get("/");
              assertThat(answer.status()).isEqualTo(503);
              assertThat(answer.body()).contains("CERTIFICATE_VERIFY_FAILED");
            }),
        Feature.policy(
            "who is whom: headers that the server gets",
            "trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}",
            client ->
                assertThat(client.get("/").received())
                    .contains("by=spiffe://cluster.local/ns/shop/sa/web")
                    .contains("uri=spiffe://cluster.local/ns/shop/sa/client")
                    .contains("x-forwarded-proto: http\r\n", "x-request-id: ")));
  }
}
