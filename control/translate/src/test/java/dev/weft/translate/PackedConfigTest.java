package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.config.ConfigKind;
import dev.weft.config.Diagnostic;
import dev.weft.config.EnvoyFilter;
import dev.weft.config.EnvoyFilter.AddFilter;
import dev.weft.config.EnvoyFilter.ConfigureRoutes;
import dev.weft.config.EnvoyFilter.MergeFilter;
import dev.weft.config.EnvoyFilter.Patch;
import dev.weft.config.EnvoyFilter.RemoveFilter;
import dev.weft.config.ObjectParser;
import dev.weft.config.Parsed;
import dev.weft.config.TypedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whatever is accepted of the configuration of a filter is a message. */
class PackedConfigTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path SAMPLES = Path.of("../../samples/envoyfilter");
  private static final int OBJECTS = 200;

  private static List<TypedConfig> configs(Patch patch) {
    return switch (patch) {
      case AddFilter add -> List.of(add.config());
      case RemoveFilter remove -> List.of();
      case MergeFilter merge -> List.of(merge.config());
      case ConfigureRoutes configure -> List.copyOf(configure.configs().values());
    };
  }

  private static EnvoyFilter parsed(Map<String, ?> tree, boolean warns) {
    Parsed parsed = ObjectParser.parse(ConfigKind.ENVOY_FILTER, tree);
    if (!warns) {
      assertThat(parsed.diagnostics())
          .filteredOn(d -> d.severity() != Diagnostic.Severity.NOTE)
          .isEmpty();
    }
    return (EnvoyFilter) parsed.value().orElseThrow();
  }

  @TestFactory
  Stream<DynamicTest> samples_are_carried_out_without_a_word() throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      return files.sorted().toList().stream()
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      file.getFileName().toString(),
                      () -> {
                        Map<String, Object> tree =
                            YAML.readValue(
                                file.toFile(), new TypeReference<Map<String, Object>>() {});
                        EnvoyFilter object = parsed(tree, false);
                        assertThat(object.patches()).isNotEmpty();
                        assertThat(object.patches())
                            .flatMap(PackedConfigTest::configs)
                            .allSatisfy(
                                c -> assertThat(PackedConfig.of(c).bytes().size()).isPositive());
                      }));
    }
  }

  @Test
  void what_is_random_is_a_message() {
    RandomFilters random = new RandomFilters(new Random(1));
    for (int i = 0; i < OBJECTS; i++) {
      Map<String, Object> tree = Map.of("metadata", Map.of("name", "f"), "spec", random.spec());
      assertThat(parsed(tree, true).patches())
          .flatMap(PackedConfigTest::configs)
          .allSatisfy(c -> assertThat(PackedConfig.of(c).url()).contains(c.type().message()));
    }
  }
}
