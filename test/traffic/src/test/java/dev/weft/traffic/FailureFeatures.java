package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Settle;
import java.util.List;
import java.util.Map;

/** What a VirtualService does about time and failures, and the failures that it makes itself. */
final class FailureFeatures {
  private static final String WEB = "route: [{destination: {host: web, port: {number: 8000}}}]";

  /** An address that is not of the mesh, and at which nobody listens. */
  private static final String NOBODYS = "127.1.1.1";

  private static final String NO_RETRY = "retries: {attempts: 0}";

  private FailureFeatures() {}

  private static Feature retries(String name, String retries, Feature.Check check) {
    return Feature.route(name, "{" + WEB + ", retries: {" + retries + "}}", check);
  }

  private static void attempts(int count, Client client, String path, int status) {
    int before = client.app.received.size();
    assertThat(client.get(path).status()).as(path).isEqualTo(status);
    assertThat(client.app.received.size() - before).as("attempts of " + path).isEqualTo(count);
  }

  static List<Feature> all() {
    return List.of(
        Feature.route(
            "timeout",
            "{timeout: 1s, " + NO_RETRY + ", " + WEB + "}",
            client -> {
              Client.Answer answer = client.get("/never");
              assertThat(answer.status()).isEqualTo(504);
              assertThat(answer.body()).isEqualTo("upstream request timeout");
              assertThat(client.get("/").status()).isEqualTo(200);
            }),
        retries(
            "retries on 5xx",
            "attempts: 2, retryOn: 5xx",
            client -> {
              attempts(3, client, "/flaky/2/500/a-" + client.key(), 200);
              attempts(3, client, "/flaky/9/503/b-" + client.key(), 503);
              attempts(3, client, "/flaky/2/reset/c-" + client.key(), 200);
            }),
        retries(
            "retries on gateway-error and on codes",
            "attempts: 1, retryOn: 'gateway-error,409,retriable-4xx'",
            client -> {
              attempts(2, client, "/flaky/1/502/a-" + client.key(), 200);
              attempts(1, client, "/flaky/1/500/b-" + client.key(), 500);
              attempts(2, client, "/flaky/1/409/c-" + client.key(), 200);
            }),
        retries(
            "retries on reset alone",
            "attempts: 1, retryOn: reset",
            client -> {
              // The server's own proxy makes an answer of its application's resets.
              attempts(1, client, "/flaky/1/503/b-" + client.key(), 503);
            }),
        retries(
            "no retries",
            "attempts: 0",
            client -> {
              attempts(1, client, "/flaky/1/503/a-" + client.key(), 503);
              assertThat(client.get("/reset").status()).isEqualTo(503);
            }),
        Feature.route(
            "perTryTimeout",
            "{timeout: 5s, retries: {attempts: 1, perTryTimeout: 1s, retryOn: 5xx}, " + WEB + "}",
            client -> attempts(2, client, "/never", 504)),
        new Feature(
            "a pod that takes no connections is passed over by default",
            "[]",
            client -> {
              for (int i = 0; i < 10; i++) {
                assertThat(client.get("/", "host: half.shop").pod()).isEqualTo("half-1");
              }
              assertThat(client.get("/", "host: dead.shop").status()).isEqualTo(503);
            }),
        new Feature(
            "a pod that takes no connections, without retries",
            Feature.virtualService(
                "dead", "{route: [{destination: {host: dead}}], " + NO_RETRY + "}"),
            client -> assertThat(client.get("/", "host: dead.shop").status()).isEqualTo(503)),
        new Feature(
            "retries where connections are refused, and where they are not wanted",
            Feature.virtualService(
                "half",
                "{match: [{uri: {prefix: /yes}}], route: [{destination: {host: half}}], retries: {attempts: 3, retryOn:"
                    + " connect-failure}}, {route: [{destination: {host: half}}], retries: {attempts: 3, retryOn: 5xx,"
                    + " retryRemoteLocalities: true}}"),
            client -> {
              for (int i = 0; i < 5; i++) {
                assertThat(client.get("/yes", "host: half.shop").status()).isEqualTo(200);
                assertThat(client.get("/", "host: half.shop").status()).isEqualTo(200);
              }
            }),
        Feature.route(
            "fault: abort",
            "{fault: {abort: {httpStatus: 418, percentage: {value: 100}}}, " + WEB + "}",
            client -> {
              Client.Answer answer = client.get("/");
              assertThat(answer.status()).isEqualTo(418);
              assertThat(answer.body()).isEqualTo("fault filter abort");
            }),
        Feature.route(
            "fault: delay",
            "{fault: {delay: {fixedDelay: 300ms, percentage: {value: 100}}}, " + WEB + "}",
            client -> {
              long start = System.nanoTime();
              assertThat(client.get("/").status()).isEqualTo(200);
              assertThat(System.nanoTime() - start).isGreaterThan(300_000_000L);
            }),
        Feature.route(
            "fault: of a share",
            "{fault: {abort: {httpStatus: 418, percentage: {value: 25}}}, " + WEB + "}",
            client -> assertThat(client.times(400, "/").get("418")).isBetween(50, 150)),
        Feature.route(
            "mirrors",
            "{mirrors: [{destination: {host: other}, percentage: {value: 100}}], " + WEB + "}",
            client -> {
              String path = "/mirror-" + client.key();
              for (int i = 0; i < 5; i++) {
                assertThat(client.get(path).pod()).startsWith("web-");
              }
              Settle.until("copies arrive", () -> copies(client, path).size() == 5);
              assertThat(copies(client, path))
                  .allSatisfy(
                      c ->
                          assertThat(c.toLowerCase(java.util.Locale.ROOT))
                              .contains("host: web.shop-shadow"));
            }),
        Feature.route(
            "mirror of a share",
            "{mirror: {host: other}, mirrorPercentage: {value: 0}, " + WEB + "}",
            client -> {
              String path = "/unmirrored-" + client.key();
              assertThat(client.times(20, path).keySet()).allMatch(p -> p.startsWith("web-"));
              assertThat(copies(client, path)).isEmpty();
            }),
        new Feature(
            "without any rule",
            "[]",
            client -> {
              Map<String, Integer> times = client.times(300, "/");
              assertThat(times.keySet()).containsExactly("web-v1", "web-v2a", "web-v2b");
              attempts(1, client, "/status/404", 404);
              attempts(1, client, "/status/500", 500);
              attempts(1, client, "/status/503", 503);
              Client.Answer addressed = client.get("/", "host: nobody.example");
              assertThat(addressed.status()).isEqualTo(200);
              assertThat(addressed.pod()).startsWith("web-");
              client.proxy().dials(NOBODYS, 8000);
              assertThat(client.get("/", "host: nobody.example").status()).isIn(404, 502, 503);
            }));
  }

  private static List<String> copies(Client client, String path) {
    return client.app.received.stream()
        .filter(r -> r.startsWith("other-") && r.contains(" " + path + " "))
        .toList();
  }
}
