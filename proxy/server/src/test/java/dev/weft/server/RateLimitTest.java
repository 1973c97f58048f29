package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.routing.Fraction;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.routing.TokenBucket;
import dev.weft.runtime.HttpFilter;
import dev.weft.server.worker.ProxySettings;
import dev.weft.testkit.Ports;
import dev.weft.testkit.SimulatedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Limits of rates hold for all loops together, and outlive configuration that is not about them.
 */
class RateLimitTest {
  private final SimulatedClock time = new SimulatedClock();
  private final Proxies.Lines logs = new Proxies.Lines();
  private final int port = Ports.free();
  private final Origin origin = Origin.answering("fine");
  private final ProxyServer proxy =
      Proxies.start(ProxySettings.ofLoops(2), new Proxies.Nobody(), logs, channel -> null, time);

  @AfterEach
  void close() {
    proxy.close();
    origin.close();
  }

  private static RateLimitPolicy limit(int most, boolean perConnection) {
    return new RateLimitPolicy(
        "front/0",
        "web",
        new TokenBucket(most, 1, Duration.ofSeconds(10)),
        Fraction.ALL,
        Fraction.ALL,
        HeaderEdits.NONE,
        new RateLimitPolicy.Refusal(429, HeaderEdits.NONE, false),
        List.of(),
        List.of(),
        0,
        RateLimitPolicy.HostRules.WHERE_ROUTE_HAS_NONE,
        true,
        perConnection,
        true);
  }

  private void apply(RateLimitPolicy limit, String... otherTables) {
    Configs configs =
        new Configs()
            .routes("table", Configs.route("/", "app"))
            .cluster(Configs.cluster("app"), origin.port())
            .listener(
                Configs.plain(
                    "front",
                    port,
                    Configs.http(
                        "table",
                        List.of(new HttpFilter.LocalRateLimit(limit), new HttpFilter.Router(false)),
                        Configs.logs("RESPONSE_FLAGS", "RESPONSE_CODE_DETAILS"))));
    for (String other : otherTables) {
      configs.routes(other, Configs.route("/", "app"));
    }
    proxy.apply(configs.build());
  }

  /** The status codes of so many requests, each over a connection of its own. */
  private List<Integer> statuses(int requests) {
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      try (Peer client = Peer.connect(port)) {
        statuses.add(client.get("/").status());
      }
    }
    return statuses;
  }

  @Test
  void connections_of_all_loops_share_the_tokens() {
    apply(limit(5, false));
    assertThat(statuses(20))
        .startsWith(200, 200, 200, 200, 200, 429)
        .filteredOn(s -> s == 200)
        .hasSize(5);
  }

  @Test
  void whoever_is_refused_is_told_why() {
    apply(limit(1, false));
    try (Peer client = Peer.connect(port)) {
      Peer.Response first = client.get("/");
      assertThat(first.has("x-ratelimit-remaining: 0")).isTrue();
      assertThat(logs.next()).contains("\"RESPONSE_FLAGS\":\"-\"");
      Peer.Response second = client.get("/");
      assertThat(second.status()).isEqualTo(429);
      assertThat(second.body()).isEqualTo("local_rate_limited");
      assertThat(second.has("x-ratelimit-limit: 1")).isTrue();
      assertThat(second.has("x-ratelimit-reset: 10")).isTrue();
      assertThat(logs.next()).contains("\"RL\"", "\"local_rate_limited\"");
      time.pass(Duration.ofSeconds(10));
      assertThat(client.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void other_configuration_brings_no_new_tokens_and_another_limit_does() {
    apply(limit(2, false));
    assertThat(statuses(3)).containsExactly(200, 200, 429);
    apply(limit(2, false), "another");
    assertThat(statuses(1)).containsExactly(429);
    apply(limit(3, false));
    assertThat(statuses(4)).containsExactly(200, 200, 200, 429);
    apply(limit(2, false));
    assertThat(statuses(1)).containsExactly(200);
  }

  @Test
  void each_connection_has_tokens_of_its_own_where_that_is_wanted() {
    apply(limit(1, true));
    try (Peer one = Peer.connect(port);
        Peer two = Peer.connect(port);
        FramePeer streams = FramePeer.client(Peer.connect(port))) {
      assertThat(one.get("/").status()).isEqualTo(200);
      assertThat(two.get("/").status()).isEqualTo(200);
      assertThat(one.get("/").status()).isEqualTo(429);
      streams.get(1, "/");
      assertThat(streams.answer(1).status()).isEqualTo(200);
      streams.get(3, "/");
      assertThat(streams.answer(3).status()).isEqualTo(429);
    }
  }
}
