package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
  @TempDir Path directory;
  private FakeApi server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeApi();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private KubernetesClient client(String user) throws IOException {
    Path kubeconfig = directory.resolve("config");
    Files.writeString(
        kubeconfig,
        """
        clusters: [{name: c, cluster: {server: "%s"}}]
        users: [{name: other, user: {token: wrong}}, {name: u, user: {%s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(server.address(), user));
    return Kubeconfigs.client(kubeconfig.toFile());
  }

  private String authorization(KubeApi api) throws Exception {
    assertThat(api.get("/api/v1/namespaces")).isPresent();
    return server.asked.stream().toList().getLast().authorization();
  }

  @Test
  void others_ask_with_their_own_token_and_nothing_of_ours() throws Exception {
    try (KubernetesClient client = client("token: ours");
        UserApis users = UserApis.of(client)) {
      assertThat(authorization(new KubeApi(client))).isEqualTo("Bearer ours");
      assertThat(authorization(users.with("theirs"))).isEqualTo("Bearer theirs");
      assertThat(authorization(users.with("others"))).isEqualTo("Bearer others");
      assertThatThrownBy(() -> users.with(" ")).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void who_is_refused_with_their_own_token_does_not_get_ours() throws Exception {
    server.onlyToken("ours");
    try (KubernetesClient client = client("token: ours");
        UserApis users = UserApis.of(client)) {
      assertThatThrownBy(() -> users.with("forged").get("/api/v1/namespaces"))
          .isInstanceOfSatisfying(
              KubeApi.RefusedException.class, e -> assertThat(e.status()).isEqualTo(401));
      assertThat(server.asked)
          .extracting(FakeApi.Asked::authorization)
          .containsOnly("Bearer forged");
    }
  }

  @Test
  void a_token_file_beside_the_kubeconfig_is_read_again_as_it_rotates() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "first\n");
    try (KubernetesClient client = client("tokenFile: token")) {
      KubeApi api = new KubeApi(client);
      assertThat(authorization(api)).isEqualTo("Bearer first");
      Files.writeString(token, "second");
      assertThat(authorization(api)).isEqualTo("Bearer second");
      Files.delete(token);
      assertThat(authorization(api)).isEqualTo("Bearer second");
    }
  }

  @Test
  void a_token_refused_in_flight_is_read_again_at_once() throws Exception {
    Iterator<String> tokens = List.of("ended", "fresh", "fresh").iterator();
    server.onlyToken("fresh");
    RenewedToken token =
        new RenewedToken("test", tokens::next, Duration.ZERO, InstantSource.system());
    try (KubernetesClient client =
        Kubeconfigs.client(
            new ConfigBuilder(Config.empty())
                .withAutoConfigure(false)
                .withMasterUrl(server.address())
                .withOauthTokenProvider(token)
                .build())) {
      assertThat(authorization(new KubeApi(client))).isEqualTo("Bearer fresh");
    }
    assertThat(server.asked)
        .extracting(FakeApi.Asked::authorization)
        .containsExactly("Bearer ended", "Bearer fresh");
  }

  @Test
  void a_token_of_a_program_is_kept_for_a_while() {
    Instant[] now = {Instant.EPOCH};
    Iterator<String> tokens = List.of("one", "two").iterator();
    RenewedToken token =
        new RenewedToken("test", tokens::next, Duration.ofMinutes(1), () -> now[0]);
    assertThat(token.getToken()).isEqualTo("one");
    now[0] = now[0].plusSeconds(59);
    assertThat(token.getToken()).isEqualTo("one");
    now[0] = now[0].plusSeconds(1);
    assertThat(token.getToken()).isEqualTo("two");
    now[0] = now[0].plusSeconds(60);
    assertThat(token.getToken()).isEqualTo("two");
  }

  @Test
  void a_pod_finds_its_api_server_and_its_account() throws Exception {
    Files.writeString(directory.resolve("token"), "t");
    Files.writeString(directory.resolve("ca.crt"), "");
    try (KubernetesClient client =
        InCluster.client(
            directory,
            Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "6443"))) {
      assertThat(client.getMasterUrl()).hasToString("https://[fd00::1]:6443/");
      assertThat(
              Objects.requireNonNull(client.getConfiguration().getOauthTokenProvider()).getToken())
          .isEqualTo("t");
    }
  }

  @Test
  void who_is_no_pod_is_told_what_is_missing() {
    assertThatThrownBy(() -> InCluster.client(directory, Map.of()))
        .hasMessageContaining("KUBERNETES_SERVICE_HOST is not set; give --kubeconfig FILE");
    assertThatThrownBy(
            () -> InCluster.client(directory, Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1")))
        .hasMessageContaining(directory.resolve("token") + " cannot be read");
  }
}
