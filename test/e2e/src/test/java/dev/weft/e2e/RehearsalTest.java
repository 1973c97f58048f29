package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The mesh of one pod by which proxies and control planes learn their work. Where it did not come
 * to its end, caches would be made without it, and nobody would see.
 */
class RehearsalTest {
  @Test
  void a_sidecar_is_called_from_both_sides(@TempDir Path directory) {
    Path mesh = directory.resolve("mesh");
    Command.of(Lab.program("rehearse"), "1", mesh.toString()).run().orFail();
    assertThat(mesh.resolve("done")).exists();
  }
}
