package dev.weft.cli.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {
  @TempDir Path directory;

  @Test
  void of_several_files_the_first_to_name_something_counts() throws IOException {
    Path one = file("one", "east", "https://east:6443", "current-context: east\n");
    Path two = file("two", "west", "https://west:6443", "current-context: west\n");
    Path three = file("three", "east", "https://other:6443", "");

    Kubeconfig merged = Kubeconfig.read(List.of(one, two, three));

    assertThat(merged.contexts()).containsExactly("east", "west");
    assertThat(merged.currentContext()).contains("east");
    assertThat(merged.server("east")).contains("https://east:6443");
    assertThat(merged.server("west")).contains("https://west:6443");
  }

  @Test
  void files_that_are_not_there_are_passed_over_unless_all_are() throws IOException {
    Path one = file("one", "east", "https://east:6443", "");
    Path nowhere = directory.resolve("nowhere");

    assertThat(Kubeconfig.read(List.of(nowhere, one)).contexts()).containsExactly("east");
    assertThatThrownBy(() -> Kubeconfig.read(List.of(nowhere)))
        .hasMessageContaining(nowhere.toString())
        .hasMessageContaining("--kubeconfig");
  }

  @Test
  void an_unknown_context_is_told_what_there_is() throws IOException {
    Kubeconfig config =
        Kubeconfig.read(
            List.of(
                file("one", "east", "https://east:6443", ""),
                file("two", "west", "https://west:6443", "")));

    assertThatThrownBy(() -> config.context(Optional.of("north")))
        .hasMessageContaining("no context 'north'")
        .hasMessageEndingWith("it has east, west");
  }

  @Test
  void a_context_gives_address_token_and_namespace() throws IOException {
    Kubeconfig config =
        Kubeconfig.read(
            List.of(
                file("one", "east", "https://east:6443", ""),
                file("two", "west", "https://west:6443", "")));

    assertThat(config.config("west").getMasterUrl()).startsWith("https://west:6443");
    assertThat(config.config("west").getAutoOAuthToken()).isEqualTo("token-of-west");
    assertThat(config.namespace("west")).isEqualTo("shop");
    assertThat(config.namespace("north")).isEqualTo("default");
  }

  @Test
  void a_relative_path_is_meant_beside_its_own_file() throws IOException {
    Path below = Files.createDirectory(directory.resolve("below"));
    Files.writeString(below.resolve("ca.pem"), "PEM");
    Path file =
        Files.writeString(
            below.resolve("config"),
            """
            clusters:
            - {name: c, cluster: {server: "https://c:6443", certificate-authority: ca.pem}}
            contexts:
            - {name: c, context: {cluster: c}}
            """);

    assertThat(Kubeconfig.read(List.of(file)).certificateAuthority("c")).contains("UEVN");
  }

  @Test
  void the_variable_holds_a_list_of_files() {
    assertThat(ClusterAccess.files("/a/one::/b/two"))
        .containsExactly(Path.of("/a/one"), Path.of("/b/two"));
  }

  private Path file(String name, String context, String server, String rest) throws IOException {
    return Files.writeString(
        directory.resolve(name),
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: %1$s
          cluster: {server: "%2$s"}
        users:
        - name: %1$s
          user: {token: token-of-%1$s}
        contexts:
        - name: %1$s
          context: {cluster: %1$s, user: %1$s, namespace: shop}
        """
                .formatted(context, server)
            + rest);
  }
}
