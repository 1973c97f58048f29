package dev.weft.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart {@code base} carries the types of this code. */
class CrdChartTest {
  private static final Path CRDS = Path.of("../../install/charts/base/files/crds");
  private static final String VERSION = "0.1.0";

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  /** Run with {@code -Dgolden.update=true} after a change of the schemas. */
  @Test
  void chart_base_carries_exactly_the_types_that_the_control_plane_knows() throws IOException {
    Map<String, String> wanted = wanted();
    if (Boolean.getBoolean("golden.update")) {
      for (Map.Entry<String, String> crd : wanted.entrySet()) {
        Files.writeString(CRDS.resolve(crd.getKey()), crd.getValue());
      }
    }
    assertThat(written()).containsExactlyInAnyOrderEntriesOf(wanted);
  }

  private static Map<String, String> wanted() throws JsonProcessingException {
    Map<String, String> files = new TreeMap<>();
    for (Map<String, Object> crd : Crds.all()) {
      Map<String, Object> whole = new TreeMap<>(crd);
      String name =
          String.valueOf(((Map<?, ?>) Objects.requireNonNull(crd.get("metadata"))).get("name"));
      whole.put(
          "metadata",
          Map.of(
              "name",
              name,
              "labels",
              Map.of("install.weft.dev/component", "crds"),
              "annotations",
              // The objects of users go with their types: no uninstall may take these along.
              Map.of("helm.sh/resource-policy", "keep", "install.weft.dev/version", VERSION)));
      files.put(name + ".yaml", YAML.writeValueAsString(whole));
    }
    return files;
  }

  private static Map<String, String> written() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(CRDS)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }
}
