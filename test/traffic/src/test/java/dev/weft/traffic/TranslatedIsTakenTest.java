package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.Change;
import dev.weft.runtime.Compiled;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
import dev.weft.translate.MeshFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What the control plane makes of the meshes of {@code control/translate}'s golden files, taken by
 * the proxy's compiler: whole as it comes, and where it is damaged with refusals that name the
 * resource, never with a fault of ours.
 */
class TranslatedIsTakenTest {
  /** Of each resource. */
  private static final int DAMAGES = 10;

  private interface Check {
    void of(List<Change> changes);
  }

  /** One test for each proxy of each mesh. */
  private static Stream<DynamicTest> each(Check check) throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path input : GoldenMeshes.files("input.yaml")) {
      MeshFile mesh = MeshFile.read(input);
      for (var proxy : mesh.proxies().entrySet()) {
        tests.add(
            DynamicTest.dynamicTest(
                GoldenMeshes.name(input) + ", " + proxy.getKey(),
                () -> check.of(GoldenMeshes.changes(mesh, proxy.getValue()))));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> all_is_taken() throws IOException {
    return each(
        changes -> {
          Compiled compiled = RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, changes);

          assertThat(compiled.rejections()).isEmpty();
          assertThat(compiled.config().listeners()).isNotEmpty();
        });
  }

  @TestFactory
  Stream<DynamicTest> what_is_damaged_is_refused_by_name() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    return each(
        changes -> {
          for (Change change : changes) {
            Change.Set set = (Change.Set) change;
            for (int i = 0; i < DAMAGES; i++) {
              Change damaged = new Change.Set(set.type(), set.name(), damaged(set.bytes(), random));
              assertThat(
                      RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, List.of(damaged))
                          .rejections())
                  .noneSatisfy(r -> assertThat(r.reason()).startsWith("internal error"));
            }
          }
        });
  }

  private static byte[] damaged(byte[] bytes, SplittableRandom random) {
    byte[] damaged = bytes.clone();
    for (int n = random.nextInt(3); n >= 0 && damaged.length > 0; n--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
    }
    return random.nextInt(10) == 0
        ? Arrays.copyOf(damaged, random.nextInt(damaged.length + 1))
        : damaged;
  }
}
