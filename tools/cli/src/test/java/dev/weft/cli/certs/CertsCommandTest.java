package dev.weft.cli.certs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ca.CaEntries;
import dev.weft.ca.SigningIdentity;
import dev.weft.cli.OneCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertsCommandTest {
  @TempDir Path directory;

  @Test
  void openssl_accepts_the_chain_and_the_control_plane_the_files() throws Exception {
    OneCluster.Ran root = weft("root-ca");
    OneCluster.Ran west = weft("intermediate", "--cluster", "west");

    assertThat(root.code()).as(root.err()).isZero();
    assertThat(west.code()).as(west.err()).isZero();
    assertThat(west.out())
        .contains("kubectl --context west create secret generic cacerts -n istio-system")
        .contains("--from-file=" + directory.resolve("west/ca-key.pem"));
    assertThat(Files.getPosixFilePermissions(directory.resolve("west/ca-key.pem")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.getPosixFilePermissions(directory.resolve("root-key.pem")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(SigningIdentity.parse("cacerts", CaEntries.of(files("west")), Instant.now()).roots())
        .hasSize(1);
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "verify",
                "-x509_strict",
                "-CAfile",
                directory.resolve("root-cert.pem").toString(),
                directory.resolve("west/ca-cert.pem").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(openssl.getInputStream().readAllBytes());
    assertThat(openssl.waitFor()).as(said).isZero();
  }

  @Test
  void what_is_there_is_kept() throws IOException {
    weft("intermediate", "--cluster", "west");
    String root = Files.readString(directory.resolve("root-cert.pem"));
    Map<String, String> west = files("west");

    assertThat(weft("root-ca").out()).contains("exists already and is kept");
    assertThat(weft("intermediate", "--cluster", "west").out())
        .contains("exists already and is kept");
    weft("intermediate", "--cluster", "east");

    assertThat(Files.readString(directory.resolve("root-cert.pem"))).isEqualTo(root);
    assertThat(files("west")).isEqualTo(west);
    assertThat(files("east").get("root-cert.pem")).isEqualTo(root);
  }

  @Test
  void half_a_root_is_not_completed() throws IOException {
    weft("root-ca");
    Files.delete(directory.resolve("root-key.pem"));

    assertThat(weft("intermediate", "--cluster", "west").err())
        .contains("root-cert.pem but no root-key.pem");
  }

  @Test
  void what_is_in_force_is_shown_without_keys() throws Exception {
    weft("intermediate", "--cluster", "west");
    try (OneCluster cluster = new OneCluster("west", directory.resolve("api"))) {
      cluster
          .client()
          .resource(
              new NamespaceBuilder()
                  .withNewMetadata()
                  .withName("istio-system")
                  .endMetadata()
                  .build())
          .create();
      cluster
          .client()
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName("cacerts")
                  .withNamespace("istio-system")
                  .endMetadata()
                  .withStringData(files("west"))
                  .build())
          .create();

      OneCluster.Ran ran = cluster.weft("certs", "show", "--mesh-context", "west");

      assertThat(ran.code()).as(ran.err()).isZero();
      assertThat(ran.out())
          .contains("Secret cacerts ca-cert.pem")
          .contains("L=west,CN=Intermediate CA,O=Istio")
          .contains("itself")
          .doesNotContain("KEY");
    }
  }

  private OneCluster.Ran weft(String command, String... more) {
    String[] all = new String[more.length + 6];
    all[0] = "certs";
    all[1] = command;
    System.arraycopy(more, 0, all, 2, more.length);
    all[more.length + 2] = "--out";
    all[more.length + 3] = directory.toString();
    all[more.length + 4] = "--key";
    all[more.length + 5] = "ecdsa-p256";
    return OneCluster.run(all);
  }

  private Map<String, String> files(String cluster) throws IOException {
    Map<String, String> files = new HashMap<>();
    for (String name : CaFolder.FILES) {
      files.put(name, Files.readString(directory.resolve(cluster).resolve(name)));
    }
    return files;
  }
}
