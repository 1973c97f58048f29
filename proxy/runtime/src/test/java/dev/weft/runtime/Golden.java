package dev.weft.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the control plane sends, as its golden files have it: read as files, since this module knows
 * nothing of that plane.
 */
final class Golden {
  private static final Path ROOT = Path.of("../../control/translate/src/test/golden");
  private static final String EXPECTED = ".expected.yaml";
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final JsonNode resources;

  private Golden(Path file) {
    try {
      this.resources = YAML.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** What a proxy of a case is told: {@code suite/case/proxy}. */
  static Golden of(String proxy) {
    return new Golden(ROOT.resolve(proxy + EXPECTED));
  }

  /** Every proxy of every case. */
  static List<String> proxies() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .map(file -> ROOT.relativize(file).toString())
          .filter(name -> name.endsWith(EXPECTED))
          .map(name -> name.substring(0, name.length() - EXPECTED.length()))
          .sorted()
          .toList();
    }
  }

  Change listener(String name) {
    return Xds.listener(json("LDS", "name", name));
  }

  Change route(String name) {
    return Xds.route(json("RDS", "name", name));
  }

  Change cluster(String name) {
    return Xds.cluster(json("CDS", "name", name));
  }

  Change endpoints(String name) {
    return Xds.endpoints(json("EDS", "cluster_name", name));
  }

  private String json(String type, String key, String name) {
    for (JsonNode resource : resources.path(type)) {
      if (resource.path(key).asText().equals(name)) {
        return resource.toString();
      }
    }
    throw new IllegalArgumentException("there is no " + type + " " + name);
  }

  /** All that it shows but keys and names. */
  List<Change> all() {
    List<Change> changes = new ArrayList<>();
    resources.path("LDS").forEach(r -> changes.add(Xds.listener(r.toString())));
    resources.path("RDS").forEach(r -> changes.add(Xds.route(r.toString())));
    resources.path("CDS").forEach(r -> changes.add(Xds.cluster(r.toString())));
    resources.path("EDS").forEach(r -> changes.add(Xds.endpoints(r.toString())));
    return changes;
  }
}
