package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.testkit.Settle;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One client, four kept connections, three pods behind two gateways of another network. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HopBalanceTest {
  private static final int CONNECTIONS = 4;
  private static final int REQUESTS = 750;

  private final Lab lab = Lab.named("hop");
  private final ClientAndServer scene = new ClientAndServer(lab);

  @BeforeAll
  void up() {
    ClientAndServer.up(lab);
    lab.kubectl("cluster2", "scale deploy/httpbin --replicas=3").orFail();
    lab.rolledOut("cluster2", "default", "httpbin");
    Settle.until(
        "the client names three pods",
        Duration.ofSeconds(30),
        this::explanation,
        e -> lab.pods("cluster2", "default", "httpbin").stream().allMatch(p -> named(e, p)));
  }

  private static boolean named(String explanation, String pod) {
    return explanation.lines().anyMatch(l -> l.contains(pod) && l.contains("named by the client"));
  }

  private String explanation() {
    return lab.weft(
            "explain",
            "httpbin:8000",
            "--from",
            ClientAndServer.CLIENT,
            "--context",
            "cluster1",
            "-o",
            "json")
        .out();
  }

  @AfterAll
  void down() {
    lab.close();
  }

  @Test
  void every_pod_gets_a_third_of_the_requests() {
    // One curl keeps one connection for all of its requests.
    String script =
        """
        for i in $(seq 1 CONNECTIONS); do
          curl -s -o /dev/null "http://httpbin:8000/get?balance=$i-[1-REQUESTS]" &
        done
        wait
        """
            .replace("CONNECTIONS", String.valueOf(CONNECTIONS))
            .replace("REQUESTS", String.valueOf(REQUESTS));
    lab.kubectl("cluster1", "exec " + ClientAndServer.CLIENT + " -- sh -c", script).orFail();

    int all = CONNECTIONS * REQUESTS;
    Map<String, Integer> byPod =
        Settle.until(
            "all requests are in the logs of the servers",
            Duration.ofSeconds(30),
            this::requestsByPod,
            m -> m.values().stream().mapToInt(n -> n).sum() >= all);
    assertThat(byPod).hasSize(3);
    assertThat(byPod.values()).allSatisfy(n -> assertThat(100.0 * n / all).isBetween(30.3, 36.3));
  }

  private Map<String, Integer> requestsByPod() {
    Map<String, Integer> counts = new TreeMap<>();
    for (String line : lab.proxyLog("cluster2", "default", "httpbin")) {
      if (line.startsWith("{") && line.contains("/get?balance=")) {
        JsonNode json = JsonLines.parsed(line);
        if (json.path("response_code").asText().equals("200")) {
          counts.merge(json.path("downstream_local_address").asText(), 1, Integer::sum);
        }
      }
    }
    return counts;
  }
}
