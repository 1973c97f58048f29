package dev.weft.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What IstioOperators come to: {@code src/test/golden/<case>/operator.yaml} and {@code
 * manifest.yaml}, without the types, which have a test of their own. {@code -Dgolden.update=true}
 * writes.
 */
class GoldenTest {
  private static final Path CASES = Path.of("src/test/golden");

  private final Installation installation = Installation.of(Path.of("../../install/charts"));

  @TestFactory
  Stream<DynamicTest> manifests() throws IOException {
    try (Stream<Path> cases = Files.list(CASES)) {
      return cases.sorted().toList().stream()
          .map(c -> DynamicTest.dynamicTest(c.getFileName().toString(), () -> check(c)));
    }
  }

  private void check(Path directory) throws IOException {
    IstioOperator.Read read =
        installation.read(
            List.of(Files.readString(directory.resolve("operator.yaml"))),
            List.of("values.base.enableCRDTemplates=false"));
    assertThat(read.problems()).isEmpty();
    String manifest = installation.manifest(read.operator());
    Path expected = directory.resolve("manifest.yaml");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, manifest);
    }
    assertThat(manifest).isEqualTo(Files.readString(expected));
  }

  @Test
  void a_generated_east_west_gateway_is_the_written_one() throws IOException {
    assertThat(Installation.eastWestGateway("network1", ""))
        .isEqualTo(Files.readString(CASES.resolve("east-west/operator.yaml")));
  }
}
