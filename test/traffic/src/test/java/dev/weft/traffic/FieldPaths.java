package dev.weft.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The fields that the definition of a kind has in the charts, as paths such as {@code
 * http.match.headers.NAME.exact}: without indices of lists, and with {@code NAME} for what people
 * may choose. What stands in several places alike is named once, where it stands first.
 */
final class FieldPaths {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path CRDS = Path.of("../../install/charts/base/files/crds");

  private FieldPaths() {}

  /**
   * @param crd the name of the definition
   */
  static SortedSet<String> of(String crd) {
    SortedSet<String> paths = new TreeSet<>();
    collect(schema(crd), "", paths);
    return paths;
  }

  /** What the definition says of the part that people write. */
  static JsonNode schema(String crd) {
    try {
      JsonNode definition = YAML.readTree(Files.readString(CRDS.resolve(crd + ".yaml")));
      return definition.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the definition has the field, or lets people write there what they want. */
  static boolean has(String crd, String path) {
    JsonNode schema = schema(crd);
    for (String part : path.split("\\.")) {
      JsonNode in = schema.path("type").asText().equals("array") ? schema.path("items") : schema;
      if (in.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
        return true;
      }
      JsonNode named = in.path("properties").path(part);
      schema = named.isMissingNode() ? in.path("additionalProperties") : named;
    }
    return !schema.isMissingNode();
  }

  private static void collect(JsonNode schema, String path, SortedSet<String> paths) {
    if (schema.path("type").asText().equals("array")) {
      collect(schema.path("items"), path, paths);
    } else if (schema.has("properties")) {
      for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
        collect(
            field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), paths);
      }
    } else if (schema.path("additionalProperties").has("properties")) {
      collect(schema.path("additionalProperties"), path + ".NAME", paths);
    } else {
      paths.add(once(path));
    }
  }

  /**
   * The path without what is repeated elsewhere: parts of policies and of single clusters, and
   * limits of connections to the application.
   */
  static String once(String path) {
    return path.replaceFirst("^subsets\\.trafficPolicy\\b", "trafficPolicy")
        .replaceFirst("^trafficPolicy\\.portLevelSettings\\.(?!port\\.)", "trafficPolicy.")
        .replaceFirst("^overrides\\.[^.]+\\.", "")
        .replaceFirst("^ingress\\.connectionPool\\b", "inboundConnectionPool");
  }
}
