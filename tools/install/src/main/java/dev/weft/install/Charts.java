package dev.weft.install;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The charts, rendered by Helm itself: what {@code helm template} prints is what this gives. */
final class Charts {
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private final Path directory;

  /**
   * @param directory with one directory a chart
   */
  Charts(Path directory) {
    if (!Files.isDirectory(directory.resolve("control"))) {
      throw new InstallException("there are no charts in " + directory.toAbsolutePath());
    }
    this.directory = directory;
  }

  /** The chart's own values. */
  Map<String, Object> values(String chart) {
    Path file = directory.resolve(chart).resolve("values.yaml");
    try {
      return YAML.readValue(file.toFile(), TREE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** What is in YAML documents; those that are empty are left out. */
  static List<Map<String, Object>> documents(String yaml, String source) {
    try (MappingIterator<Map<String, Object>> documents = YAML.readerFor(TREE).readValues(yaml)) {
      return documents.readAll().stream().filter(Objects::nonNull).toList();
    } catch (IOException | RuntimeException e) {
      throw new InstallException(source + " is not YAML: " + e.getMessage(), e);
    }
  }

  static String yaml(Object tree) {
    try {
      return YAML.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a tree of maps, lists and scalars", e);
    }
  }

  /**
   * Why charts cannot be rendered on a machine, or empty: Helm's engine is a native library, which
   * is published for few of them.
   *
   * @param os as Java names it
   * @param architecture as Java names it
   */
  static Optional<String> unrendered(String os, String architecture) {
    return os.equals("Linux") && architecture.equals("amd64")
        ? Optional.empty()
        : Optional.of(
            "charts are rendered by Helm's engine, of which there is no build for "
                + os
                + " on "
                + architecture
                + ": install the charts in install/charts with helm (docs/install.md, \"With"
                + " Helm\"), which gives the same objects, or run this command on Linux on amd64;"
                + " clusters may be of any architecture");
  }

  List<KubeObject> render(Release release) {
    unrendered(System.getProperty("os.name"), System.getProperty("os.arch"))
        .ifPresent(
            reason -> {
              throw new InstallException(reason);
            });
    String rendered;
    try {
      Path values = Files.createTempFile("weft-values-", ".yaml");
      try {
        Files.writeString(values, yaml(release.values()));
        rendered =
            new Helm(directory.resolve(release.chart()))
                .template()
                .withName(release.name())
                .withNamespace(release.namespace())
                .withValuesFile(values)
                .call();
      } finally {
        Files.delete(values);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the values of " + release.name(), e);
    } catch (IllegalStateException e) {
      throw new InstallException(
          "the chart " + release.chart() + " cannot be rendered: " + e.getMessage(), e);
    }
    List<KubeObject> objects = new ArrayList<>();
    for (Map<String, Object> document : documents(rendered, "the chart " + release.chart())) {
      objects.add(KubeObject.of(document));
    }
    return objects;
  }
}
