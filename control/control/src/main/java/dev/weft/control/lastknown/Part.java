package dev.weft.control.lastknown;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ClusterFacts;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.SharedMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Facts of one kind among those of a cluster, and how they stand in a file.
 *
 * @param field in which there is a list of them
 */
record Part<K extends Comparable<K>, V>(
    String field,
    Function<ClusterFacts, Map<K, V>> in,
    Function<V, ObjectNode> write,
    Function<Fields, V> read,
    Function<V, K> key) {
  static final Part<KubeFact.Key, KubeService> SERVICES =
      new Part<>(
          "services", ClusterFacts::services, FactJson::of, FactJson::service, KubeFact::key);
  static final Part<KubeFact.Key, KubeEndpointSlice> SLICES =
      new Part<>(
          "endpointSlices", ClusterFacts::slices, FactJson::of, FactJson::slice, KubeFact::key);
  static final Part<KubeFact.Key, KubePod> PODS =
      new Part<>("pods", ClusterFacts::pods, FactJson::of, FactJson::pod, KubeFact::key);
  static final Part<String, KubeNode> NODES =
      new Part<>("nodes", ClusterFacts::nodes, FactJson::of, FactJson::node, KubeNode::name);
  static final Part<String, KubeNamespace> NAMESPACES =
      new Part<>(
          "namespaces",
          ClusterFacts::namespaces,
          FactJson::of,
          FactJson::namespace,
          KubeNamespace::name);
  static final List<Part<?, ?>> ALL = List.of(SERVICES, SLICES, PODS, NODES, NAMESPACES);

  private String goneField() {
    return field + "Gone";
  }

  /** Writes all of them. */
  void all(JsonGenerator json, ClusterFacts facts) throws IOException {
    list(json, field, in.apply(facts).values());
  }

  Map<K, V> all(Fields json) {
    return with(Map.of(), json.list(field, read));
  }

  /**
   * Writes those that are new or different, and those that are gone. False where there are none.
   */
  boolean changes(JsonGenerator json, ClusterFacts before, ClusterFacts after) throws IOException {
    List<V> changed = new ArrayList<>();
    List<V> gone = new ArrayList<>();
    SharedMap.compare(
        in.apply(before),
        in.apply(after),
        (k, was, is) -> {
          if (is != null) {
            changed.add(is);
          } else if (was != null) {
            gone.add(was);
          }
        });
    if (!changed.isEmpty()) {
      list(json, field, changed);
    }
    if (!gone.isEmpty()) {
      list(json, goneField(), gone);
    }
    return !changed.isEmpty() || !gone.isEmpty();
  }

  /** What was there before, and is different now. */
  Map<K, V> changed(ClusterFacts before, Fields json) {
    Map<K, V> now = in.apply(before);
    if (json.has(field)) {
      now = with(now, json.list(field, read));
    }
    if (json.has(goneField())) {
      for (V gone : json.list(goneField(), read)) {
        now = SharedMap.copyOf(now).without(key.apply(gone));
      }
    }
    return now;
  }

  private Map<K, V> with(Map<K, V> before, List<V> values) {
    Map<K, V> more = new TreeMap<>();
    values.forEach(v -> more.put(key.apply(v), v));
    return SharedMap.copyOf(before).withAll(more);
  }

  private void list(JsonGenerator json, String name, Collection<V> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (V value : values) {
      json.writeTree(write.apply(value));
    }
    json.writeEndArray();
  }
}
