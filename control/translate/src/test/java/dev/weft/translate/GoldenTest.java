package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.weft.xds.ResourceSet;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Meshes and what their proxies are told. {@code -Dgolden.update=true} writes the expected files
 * anew; an expected file that no proxy of the input has is an error. A case may have calls too, in
 * {@code calls.yaml}: what becomes of them is known to the test {@code CallsTest} of {@code
 * test/traffic}, which sees both planes.
 */
class GoldenTest {
  private static final Path ROOT = Path.of("src/test/golden");
  private static final String EXPECTED = ".expected.yaml";

  private final ObjectMapper yaml =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .build());

  @TestFactory
  Stream<DynamicTest> cases() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      List<Path> inputs =
          files.filter(f -> f.getFileName().toString().equals("input.yaml")).sorted().toList();
      assertThat(inputs).isNotEmpty();
      return inputs.stream()
          .map(
              input ->
                  DynamicTest.dynamicTest(
                      ROOT.relativize(input.getParent()).toString(), () -> check(input)));
    }
  }

  private void check(Path input) throws IOException {
    MeshFile mesh = MeshFile.read(input);
    Set<String> files = new TreeSet<>();
    for (var proxy : mesh.proxies().entrySet()) {
      Path file = input.resolveSibling(proxy.getKey() + EXPECTED);
      files.add(file.getFileName().toString());
      ResourceSet resources = new Translation().resources(mesh.snapshot(), proxy.getValue());
      String actual = write(resources, mesh.show());
      if (Boolean.getBoolean("golden.update")) {
        Files.writeString(file, actual);
      }
      assertThat(actual).as(file.toString()).isEqualTo(Files.readString(file));
    }
    try (Stream<Path> siblings = Files.list(input.toAbsolutePath().getParent())) {
      Set<String> found =
          new TreeSet<>(
              siblings
                  .map(f -> f.getFileName().toString())
                  .filter(f -> f.endsWith(EXPECTED))
                  .toList());
      assertThat(found)
          .as("expected files of proxies that the input does not have")
          .isEqualTo(files);
    }
  }

  private String write(ResourceSet resources, List<String> show) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ResourceJson canonical = new ResourceJson();
    ObjectNode all = json.createObjectNode();
    for (XdsType type : XdsType.values()) {
      ArrayNode list = json.createArrayNode();
      for (VersionedResource resource : resources.of(type).values()) {
        if (show.isEmpty()
            || show.stream().anyMatch((type.shortName() + "/" + resource.name())::matches)) {
          JsonNode tree = json.readTree(canonical.print(resource.body()));
          ((ObjectNode) tree).remove("@type");
          list.add(tree);
        }
      }
      if (!list.isEmpty()) {
        all.set(type.shortName(), list);
      }
    }
    return yaml.writeValueAsString(all);
  }
}
