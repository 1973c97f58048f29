package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The example of a mesh with a control plane in each cluster does what it says, from bare clusters.
 */
class MultiPrimaryTest {
  private final Lab lab = Lab.named("primaries");

  @AfterEach
  void down() {
    lab.weft("lab", "reset").orFail();
  }

  /** Three clusters take as long again: they are for whoever asks for all models. */
  static IntStream sizes() {
    return ModelsTest.all() ? IntStream.of(2, 3) : IntStream.of(2);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void bare_clusters_become_one_mesh_that_survives_the_loss_of_a_region(int clusters) {
    lab.weft("lab", "reset").orFail();
    lab.up("--no-mesh", "--clusters", String.valueOf(clusters)).orFail();
    Map<String, String> environment = new HashMap<>();
    environment.put("WEFT", Lab.root().resolve("bin/weft").toString());
    environment.put("KEEP", keep().toString());
    for (int i = 1; i <= clusters; i++) {
      // The kubeconfig of a lab names ports of this machine, which pods cannot reach.
      environment.put("SERVER" + i, "https://172.18.0." + (i + 1) + ":6443");
    }

    String story =
        lab.program("examples/multi-primary/run.sh", String.valueOf(clusters))
            .with(environment)
            .within(Duration.ofMinutes(15))
            .run()
            .orFail();

    assertThat(story).contains("every answer is version 2").endsWith("s  done\n");
    if (clusters == 2) {
      Primaries mesh = new Primaries(lab, keep());
      mesh.prepare();
      mesh.the_root_is_exchanged();
      mesh.the_token_of_a_cluster_is_replaced();
      mesh.a_cluster_is_removed();
    }
  }

  private static Path keep() {
    Path folder = Lab.root().resolve("test/e2e/target/primaries");
    assertThat(Command.of("mkdir", "-p", folder.toString()).run().exitCode()).isZero();
    return folder;
  }
}
