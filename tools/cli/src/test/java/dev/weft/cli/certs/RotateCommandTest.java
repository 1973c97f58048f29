package dev.weft.cli.certs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.OneCluster;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotateCommandTest {
  @TempDir Path directory;

  @Test
  void waits_for_who_does_not_trust_the_new_root_and_goes_on_from_there() throws Exception {
    Path before = made("before");
    Path after = made("after");
    try (OneCluster cluster = new OneCluster("west", directory.resolve("api"))) {
      prepare(cluster, before);

      OneCluster.Ran first = rotate(cluster, after);
      assertThat(first.code()).as(first.err()).isEqualTo(1);
      assertThat(first.out())
          .contains("west: both roots are given out; the old CA signs.")
          .contains("Waiting for namespace default (west) to trust the new root");

      // What the control plane does with the roots of the Secret.
      bundle(cluster, root(before) + root(after));
      OneCluster.Ran second = rotate(cluster, after);

      assertThat(second.code()).as(second.err()).isZero();
      assertThat(second.out())
          .contains("the new CA signs", "the old root is taken back", "Done")
          .doesNotContain("KEY");
      assertThat(rotate(cluster, after).out()).isEqualTo("Done: the old root is forgotten.\n");
    }
  }

  private Path made(String name) {
    Path out = directory.resolve(name);
    OneCluster.run(
        "certs", "intermediate", "--cluster", "west", "--key", "ecdsa", "--out", out.toString());
    return out;
  }

  private static OneCluster.Ran rotate(OneCluster cluster, Path to) {
    return cluster.weft("certs", "rotate", "--no-wait", "--context", "west", "--to", to.toString());
  }

  private static String root(Path folder) throws IOException {
    return Files.readString(folder.resolve("root-cert.pem"));
  }

  private static void prepare(OneCluster cluster, Path folder) throws IOException {
    cluster
        .client()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName("istio-system").endMetadata().build())
        .create();
    Map<String, String> files = new HashMap<>();
    for (String name : CaFolder.FILES) {
      files.put(name, Files.readString(folder.resolve("west").resolve(name)));
    }
    cluster
        .client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("cacerts")
                .withNamespace("istio-system")
                .endMetadata()
                .withStringData(files)
                .build())
        .create();
    bundle(cluster, root(folder));
  }

  private static void bundle(OneCluster cluster, String roots) {
    cluster
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("istio-ca-root-cert")
                .withNamespace("default")
                .endMetadata()
                .addToData("root-cert.pem", roots)
                .build())
        .createOr(present -> present.update());
  }
}
