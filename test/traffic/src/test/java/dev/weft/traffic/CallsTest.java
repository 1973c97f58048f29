package dev.weft.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.RuntimeConfigCompiler;
import dev.weft.translate.MeshFile;
import dev.weft.translate.ProxyNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Calls of the golden meshes, and what becomes of them: from what users wrote through what the
 * control plane makes of it, and what a proxy compiles of its bytes, to the route, the filters and
 * the endpoints. {@code -Dgolden.update=true} writes what becomes of them anew.
 *
 * <p>A call says through which {@code proxy} of the mesh it goes and where {@code to} ({@code
 * address:port}, of the proxy's own pod where it comes in); and where that matters {@code from}
 * which address, by which {@code protocol} ({@code http/1.1}, {@code h2c}, {@code h2}, or {@code
 * bytes}), over which {@code tls} ({@code serverName}, {@code alpn}, and as which {@code peer}),
 * and its {@code method}, {@code authority}, {@code path} and {@code headers}. A share of less than
 * half does not happen to it, a larger one does; who is asked about it lets it in.
 */
class CallsTest {
  private static final String CALLS = "calls.yaml";
  private static final String BECOMES = "\n  becomes:";

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .build());

  @TestFactory
  Stream<DynamicContainer> cases() throws IOException {
    List<DynamicContainer> cases = new ArrayList<>();
    for (Path file : GoldenMeshes.files(CALLS)) {
      List<DynamicTest> tests = new ArrayList<>();
      Mesh mesh = new Mesh(MeshFile.read(file.resolveSibling("input.yaml")));
      if (Boolean.getBoolean("golden.update")) {
        update(file, mesh);
      }
      for (Map<String, Object> written : read(Files.readString(file))) {
        tests.add(
            DynamicTest.dynamicTest(
                String.valueOf(written.get("name")),
                () ->
                    assertThat(text(mesh.outcome(written)))
                        .isEqualTo(text(written.getOrDefault("becomes", Map.of())))));
      }
      cases.add(DynamicContainer.dynamicContainer(GoldenMeshes.name(file), tests));
    }
    assertThat(cases).isNotEmpty();
    return cases.stream();
  }

  /** What its proxies serve by. Confined to the test's thread. */
  private static final class Mesh {
    private final MeshFile file;
    private final Map<String, RuntimeConfig> compiled = new HashMap<>();

    Mesh(MeshFile file) {
      this.file = file;
    }

    Map<String, Object> outcome(Map<String, Object> written) {
      GoldenCall call = new GoldenCall(written);
      ProxyNode node = file.proxies().get(call.proxy());
      if (node == null) {
        throw new IllegalArgumentException(
            "proxy: %s is none of %s".formatted(call.proxy(), file.proxies().keySet()));
      }
      RuntimeConfig config =
          compiled.computeIfAbsent(
              call.proxy(),
              p ->
                  RuntimeConfigCompiler.compile(
                          RuntimeConfig.EMPTY, GoldenMeshes.changes(file, node))
                      .config());
      return CallOutcome.of(config, node, call);
    }
  }

  private static List<Map<String, Object>> read(String yaml) throws IOException {
    return YAML.readValue(yaml, new TypeReference<List<Map<String, Object>>>() {});
  }

  private static String text(Object tree) throws IOException {
    return YAML.writeValueAsString(tree);
  }

  /** Calls stay as they are written. */
  private static void update(Path file, Mesh mesh) throws IOException {
    StringBuilder out = new StringBuilder();
    for (String part : Files.readString(file).split("(?m)^(?=- name: )")) {
      if (!part.startsWith("- name: ")) {
        out.append(part);
        continue;
      }
      int end = part.indexOf(BECOMES);
      String call = end < 0 ? part.stripTrailing() : part.substring(0, end);
      out.append(call)
          .append(BECOMES)
          .append('\n')
          .append(text(mesh.outcome(read(call).getFirst())).indent(4));
    }
    Files.writeString(file, out);
  }
}
