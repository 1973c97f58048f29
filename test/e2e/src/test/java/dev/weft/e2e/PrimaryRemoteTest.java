package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The example of a mesh with one control plane does what it says, from bare clusters: cluster2 has
 * no control plane, and reaches that of cluster1 through a gateway.
 */
class PrimaryRemoteTest {
  private final Lab lab = Lab.named("remotes");

  @AfterEach
  void down() {
    lab.weft("lab", "reset").orFail();
  }

  @Test
  void a_cluster_without_a_control_plane_is_served_by_that_of_another() {
    lab.weft("lab", "reset").orFail();
    lab.up("--no-mesh", "--clusters", "2").orFail();

    String story =
        lab.program("examples/primary-remote/run.sh", "2")
            .with(
                Map.of(
                    "WEFT",
                    Lab.root().resolve("bin/weft").toString(),
                    // The kubeconfig of a lab names ports of this machine, which pods cannot reach.
                    "SERVER2",
                    "https://172.18.0.3:6443"))
            .within(Duration.ofMinutes(15))
            .run()
            .orFail();

    assertThat(story).endsWith("s  done\n");
    String systemPods = lab.kubectl("cluster2", "-n istio-system get pods -o name").orFail();
    assertThat(systemPods).contains("istio-eastwestgateway").doesNotContain("istiod");
    assertThat(
            lab.kubectl(
                    "cluster2",
                    "-n sample get pods -l app=sleep -o",
                    "jsonpath={.items[0].spec.initContainers[*].name}")
                .orFail())
        .contains("istio-proxy");
  }
}
