package dev.weft.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.OneCluster;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CreateRemoteSecretCommandTest {
  @TempDir static Path directory;
  private static OneCluster cluster;

  @BeforeAll
  static void open() throws Exception {
    cluster = new OneCluster("west", directory);
  }

  @AfterAll
  static void close() throws Exception {
    cluster.close();
  }

  @Test
  void who_has_the_secret_reads_the_cluster() {
    OneCluster.Ran ran =
        cluster.weft("create-remote-secret", "--context", "west", "--name", "west");

    assertThat(ran.code()).as(ran.err()).isZero();
    Secret secret = Serialization.unmarshal(ran.out(), Secret.class);
    assertThat(secret.getMetadata().getName()).isEqualTo("istio-remote-secret-west");
    String kubeconfig = secret.getStringData().get("west");
    try (KubernetesClient reader =
        new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build()) {
      assertThat(reader.services().inNamespace("default").withName("kubernetes").get()).isNotNull();
    }
  }

  @Test
  void the_account_may_read_and_nothing_else() {
    OneCluster.Ran ran = cluster.weft("create-remote-secret", "--name", "west");

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(
            cluster
                .client()
                .serviceAccounts()
                .inNamespace("istio-system")
                .withName("istio-reader-service-account")
                .get())
        .isNotNull();
    assertThat(
            cluster
                .client()
                .rbac()
                .clusterRoles()
                .withName("istio-reader-clusterrole-istio-system")
                .get()
                .getRules())
        .allSatisfy(
            rule -> assertThat(rule.getVerbs()).isSubsetOf("get", "list", "watch", "create"))
        .filteredOn(rule -> rule.getVerbs().contains("create"))
        .flatExtracting(rule -> rule.getResources())
        .containsExactlyInAnyOrder("tokenreviews", "subjectaccessreviews");
  }

  @Test
  void twice_gives_the_same() {
    String first = cluster.weft("create-remote-secret", "--name", "west").out();

    assertThat(cluster.weft("create-remote-secret", "--name", "west").out()).isEqualTo(first);
  }

  @Test
  void an_address_of_this_machine_alone_is_warned_of_beside_the_output() {
    OneCluster.Ran plain = cluster.weft("create-remote-secret", "--name", "west");
    OneCluster.Ran given =
        cluster.weft(
            "create-remote-secret", "--name", "west", "--server", "https://172.18.0.3:6443");

    assertThat(plain.err()).contains("warning", "--server");
    assertThat(plain.out()).doesNotContain("warning");
    assertThat(given.err()).isEmpty();
    assertThat(given.out()).contains("server: https://172.18.0.3:6443\n");
  }

  @Test
  void mistakes_are_named() {
    assertThat(cluster.weft("create-remote-secret", "--context", "north").err())
        .contains("no context 'north'", "it has west");
    assertThat(cluster.weft("create-remote-secret", "--name", "West_1").err()).contains("West_1");
    assertThat(cluster.weft("create-remote-secret", "--server", "172.18.0.3:6443").err())
        .contains("https://ADDRESS:PORT");
    assertThat(
            cluster
                .weft("create-remote-secret", "--name", "w", "--service-account", "nobody")
                .err())
        .contains("no service account istio-system/nobody", "--service-account");
    assertThat(cluster.weft("create-remote-secret", "--name", "w", "--secret-name", "no").err())
        .contains("no Secret istio-system/no");
    assertThat(cluster.weft("create-remote-secret", "--auth-type", "plugin").code()).isEqualTo(1);
  }
}
