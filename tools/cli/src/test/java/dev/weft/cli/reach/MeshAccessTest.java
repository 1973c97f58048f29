package dev.weft.cli.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.reach.MeshAccess.Answer;
import dev.weft.cli.reach.MeshAccess.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshAccessTest {
  @TempDir Path directory;

  @Test
  void is_looked_for_where_it_was_named_then_where_it_usually_is_then_elsewhere()
      throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("config"),
            """
            clusters: [{name: c, cluster: {server: "https://c:6443"}}]
            contexts:
            - {name: a, context: {cluster: c}}
            - {name: b, context: {cluster: c}}
            - {name: mesh, context: {cluster: c}}
            - {name: z, context: {cluster: c}}
            current-context: z
            """);
    Kubeconfig config = Kubeconfig.read(List.of(file));

    assertThat(MeshAccess.candidates(config, Optional.of("b")))
        .containsExactly("b", "mesh", "z", "a");
    assertThat(MeshAccess.candidates(config, Optional.empty()))
        .containsExactly("mesh", "z", "a", "b");
  }

  @Test
  void one_that_serves_the_objects_is_taken_even_without_any() {
    assertThat(
            MeshAccess.best(
                List.of(
                    new Asked("a", Answer.NOT_SERVED),
                    new Asked("b", Answer.HAS_NONE),
                    new Asked("c", Answer.SILENT))))
        .isEqualTo("b");
  }

  @Test
  void where_none_has_them_all_are_named() {
    assertThatThrownBy(
            () ->
                MeshAccess.best(
                    List.of(new Asked("a", Answer.NOT_SERVED), new Asked("b", Answer.SILENT))))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(CommandFailure.Kind.UNREACHABLE))
        .hasMessageContaining("asked a (no answer from b)")
        .hasMessageContaining("--mesh-context");
  }
}
