package dev.weft.cli.analyze;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.config.ConfigKind;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Objects as users write them: YAML or JSON, several in a file, files in directories. */
final class ManifestFiles {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "Service", Service.class,
          "EndpointSlice", EndpointSlice.class,
          "Pod", Pod.class,
          "Node", Node.class,
          "Namespace", Namespace.class,
          "Deployment", Deployment.class,
          "StatefulSet", StatefulSet.class,
          "DaemonSet", DaemonSet.class);

  private final Material material;
  private final ClusterId cluster;
  private final String namespace;

  /**
   * @param cluster that the files are meant for
   * @param namespace of objects that name none
   */
  ManifestFiles(Material material, ClusterId cluster, String namespace) {
    this.material = material;
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Reads a file, the files of a directory, or standard input ({@code -}). */
  void read(Path path) {
    try {
      if (path.toString().equals("-")) {
        documents(path, System.in);
        return;
      }
      if (!Files.exists(path)) {
        throw CommandFailure.failed("no file " + path);
      }
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file :
            files.filter(Files::isRegularFile).filter(this::manifest).sorted().toList()) {
          try (InputStream in = Files.newInputStream(file)) {
            documents(file, in);
          }
        }
      }
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED, "cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  private boolean manifest(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  private void documents(Path file, InputStream in) throws IOException {
    try (MappingIterator<Map<String, Object>> documents = YAML.readerFor(TREE).readValues(in)) {
      while (documents.hasNext()) {
        Map<String, Object> tree = documents.next();
        if (tree != null) {
          object(file, tree);
        }
      }
    }
  }

  private void object(Path file, Map<String, Object> tree) {
    if (tree.get("items") instanceof List<?> items) {
      for (Object item : items) {
        object(file, YAML.convertValue(item, TREE));
      }
      return;
    }
    String kind = String.valueOf(tree.get("kind"));
    Optional<ConfigKind> known = kind(String.valueOf(tree.get("apiVersion")), kind);
    if (known.isPresent()) {
      material.add(known.get(), placed(tree, known.get().namespaced()));
      return;
    }
    Class<? extends HasMetadata> type = KINDS.get(kind);
    if (type != null) {
      boolean namespaced = type != Node.class && type != Namespace.class;
      try {
        material.add(
            cluster,
            Serialization.unmarshal(YAML.writeValueAsString(placed(tree, namespaced)), type));
      } catch (JsonProcessingException | RuntimeException e) {
        throw new CommandFailure(
            CommandFailure.Kind.FAILED,
            file + " has a " + kind + " that cannot be read: " + e.getMessage(),
            e);
      }
    }
  }

  private static Optional<ConfigKind> kind(String apiVersion, String kind) {
    return Stream.of(ConfigKind.values())
        .filter(k -> k.kind().equals(kind) && apiVersion.startsWith(k.group() + "/"))
        .findFirst();
  }

  private Map<String, Object> placed(Map<String, Object> tree, boolean namespaced) {
    Map<String, Object> metadata =
        new LinkedHashMap<>(
            tree.get("metadata") == null
                ? Map.of()
                : YAML.convertValue(tree.get("metadata"), TREE));
    if (namespaced) {
      metadata.putIfAbsent("namespace", namespace);
    }
    Map<String, Object> placed = new LinkedHashMap<>(tree);
    placed.put("metadata", metadata);
    return placed;
  }
}
