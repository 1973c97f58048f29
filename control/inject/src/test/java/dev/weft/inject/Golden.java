package dev.weft.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Files below {@code src/test/golden}; {@code -Dgolden.update=true} writes what came out. */
final class Golden {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private Golden() {}

  static Stream<Path> cases(String suite) throws IOException {
    return Files.list(Path.of("src/test/golden", suite)).sorted();
  }

  static JsonNode read(Path file) throws IOException {
    return YAML.readTree(Files.readString(file));
  }

  static JsonNode json(byte[] text) throws IOException {
    return new JsonMapper().readTree(text);
  }

  static byte[] bytes(JsonNode json) throws IOException {
    return new JsonMapper().writeValueAsBytes(json);
  }

  static void check(Path file, JsonNode actual) throws IOException {
    String text = YAML.writeValueAsString(actual);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.exists(file) ? Files.readString(file) : "");
  }
}
