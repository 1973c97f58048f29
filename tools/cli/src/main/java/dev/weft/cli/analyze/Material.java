package dev.weft.cli.analyze;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.Discovered;
import dev.weft.config.KubeNamespace;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.Parsed;
import dev.weft.discovery.ClusterReading;
import dev.weft.snapshot.Findings;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is analyzed: objects of clusters and of files. Confined to one run of the command. */
final class Material {
  private final Map<ClusterId, Map<String, HasMetadata>> clusters = new TreeMap<>();
  private final Map<ObjectRef, Parsed> objects = new TreeMap<>();
  private final Map<String, String> meshIds = new TreeMap<>();
  private MeshSettings settings = MeshSettings.defaults();

  /** A cluster is there, if without objects. */
  void cluster(ClusterId id) {
    clusters.computeIfAbsent(id, c -> new LinkedHashMap<>());
  }

  /** An object of a cluster; the first of a name counts. */
  void add(ClusterId id, HasMetadata object) {
    String key =
        String.join(
            "/",
            object.getKind(),
            String.valueOf(object.getMetadata().getNamespace()),
            object.getMetadata().getName());
    clusters.computeIfAbsent(id, c -> new LinkedHashMap<>()).putIfAbsent(key, object);
  }

  /** An object of the mesh; the first of a name counts. */
  void add(ConfigKind kind, Map<String, ?> tree) {
    Parsed parsed = ObjectParser.parse(kind, tree);
    objects.putIfAbsent(ref(kind, tree), parsed);
  }

  private static ObjectRef ref(ConfigKind kind, Map<String, ?> tree) {
    Map<?, ?> metadata = tree.get("metadata") instanceof Map<?, ?> m ? m : Map.of();
    return new ObjectRef(kind, text(metadata.get("namespace")), text(metadata.get("name")));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  /** The settings of the mesh in a cluster; those of the first one count. */
  void settings(String cluster, MeshSettings read) {
    if (meshIds.isEmpty()) {
      settings = read;
    }
    meshIds.put(cluster, read.meshId());
  }

  /** Everything that is wrong, the worst first. */
  List<Diagnostic> findings() {
    Map<ClusterId, ClusterFacts> facts = new TreeMap<>();
    clusters.forEach(
        (id, of) ->
            facts.put(id, ClusterReading.facts(id, Templates.completed(List.copyOf(of.values())))));
    Map<ObjectRef, ConfigObject> good = new TreeMap<>();
    List<Diagnostic> read = new ArrayList<>();
    objects.forEach(
        (ref, parsed) -> {
          parsed.value().ifPresent(object -> good.put(ref, object));
          read.addAll(parsed.diagnostics());
        });
    read.addAll(meshIds());
    Map<String, KubeNamespace> namespaces = new TreeMap<>();
    facts.values().forEach(f -> f.namespaces().forEach(namespaces::putIfAbsent));
    Discovered discovered = Discovered.of(new ConfigSet(settings, facts, good, namespaces, read));
    ConfigSet seen = discovered.seen();
    read.addAll(discovered.hidden());
    ConfigSet config = new ConfigSet(settings, seen.clusters(), seen.objects(), Map.of(), read);
    return Findings.of(
        config, SnapshotBuilder.build(config, MeshSnapshot.empty(settings)).snapshot());
  }

  private List<Diagnostic> meshIds() {
    return meshIds.values().stream().distinct().count() < 2
        ? List.of()
        : List.of(
            Diagnostic.note(
                "mesh-ids-differ",
                "ConfigMap istio",
                "mesh.defaultConfig.meshId",
                "the clusters have different mesh ids, "
                    + meshIds
                    + ": calls between them work, but telemetry tells them apart as two meshes"));
  }
}
