package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A control plane that starts again knows what it knew, also of clusters that it cannot ask. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Lab lab = Lab.named("restart");
  private final ClientAndServer scene = new ClientAndServer(lab);

  @BeforeAll
  void up() {
    ClientAndServer.up(lab);
  }

  @AfterAll
  void down() {
    lab.close();
  }

  @Test
  void a_cluster_whose_api_server_is_away_keeps_its_endpoints_until_it_is_back() {
    lab.weft("lab", "stop", "apiserver/cluster2").orFail();
    lab.weft("lab", "kill", "control").orFail();
    lab.weft("lab", "start", "control").orFail();
    String clusters = settled("LastKnown");
    assertThat(line(clusters, "cluster1")).contains("Synced");
    assertThat(line(clusters, "cluster2")).contains("does not answer", "what was known last");

    // Nothing of what a new pod's proxy has is older than the control plane.
    String old = lab.pods("cluster1", "default", "sleep").getFirst();
    lab.kubectl("cluster1", "rollout restart deploy/sleep").orFail();
    lab.rolledOut("cluster1", "default", "sleep");
    Settle.until(
        "only the new client is there",
        SOON,
        () -> lab.pods("cluster1", "default", "sleep"),
        pods -> pods.size() == 1 && !pods.contains(old));
    assertThat(scene.code("/get")).isEqualTo("200");
    assertThat(explained()).contains("1 through a gateway", "what is said of cluster2 may be old");

    lab.weft("lab", "start", "apiserver/cluster2").orFail();
    assertThat(line(settled("Synced"), "cluster2")).doesNotContain("known last");
    assertThat(scene.code("/get")).isEqualTo("200");
    lab.kubectl("cluster2", "scale deploy/httpbin --replicas=2").orFail();
    Settle.until(
        "what happens there is seen again",
        SOON,
        this::explained,
        out -> out.contains("2 through a gateway") && !out.contains("may be old"));
  }

  private String explained() {
    return lab.weft("explain", "httpbin:8000", "--from", "deploy/sleep", "--context", "cluster1")
        .out();
  }

  private String settled(String phase) {
    return Settle.until(
        "cluster2 is " + phase,
        SOON,
        () -> lab.weft("cluster", "list").out(),
        list -> line(list, "cluster2").contains(phase));
  }

  private static String line(String list, String cluster) {
    return list.lines().filter(l -> l.startsWith(cluster)).findFirst().orElse("");
  }
}
