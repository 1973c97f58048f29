package dev.weft.config;

import dev.weft.types.ClusterId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the mesh looks at, of all that there is. In each cluster the labels decide that a namespace
 * has there, and for objects of the config API those that it has in the config API. Namespaces and
 * nodes themselves are always seen, and so is what a mesh consists of: its clusters and gateways.
 *
 * @param all that there is
 * @param seen the same without services, pods, slices and objects of other namespaces
 */
public record Discovered(ConfigSet all, ConfigSet seen) {
  private static final Set<ConfigKind> OF_THE_MESH =
      Set.of(ConfigKind.MEMBER_CLUSTER, ConfigKind.ISTIO_GATEWAY);

  /** Before anything is known. */
  public static Discovered nothing(MeshSettings settings) {
    ConfigSet empty = ConfigSet.empty(settings);
    return new Discovered(empty, empty);
  }

  /** From scratch. */
  public static Discovered of(ConfigSet all) {
    return of(all, nothing(all.settings()));
  }

  /** The same, by what has changed; what has not keeps its identity. */
  public static Discovered of(ConfigSet all, Discovered before) {
    Discovery discovery = all.settings().discovery();
    if (discovery.selectors().isEmpty()) {
      return new Discovered(all, all);
    }
    Discovered known =
        before.all.settings().discovery().equals(discovery) ? before : nothing(all.settings());
    Map<ClusterId, ClusterFacts> clusters = new LinkedHashMap<>();
    all.clusters()
        .forEach(
            (id, facts) ->
                clusters.put(
                    id,
                    facts(
                        discovery,
                        facts,
                        known.all.clusters().getOrDefault(id, nothing(id)),
                        known.seen.clusters().getOrDefault(id, nothing(id)))));
    Set<String> selected = selected(discovery, all.namespaces());
    Discovered base =
        selected(discovery, known.all.namespaces()).equals(selected)
            ? known
            : nothing(all.settings());
    Predicate<ObjectRef> shown =
        ref ->
            ref.namespace().isEmpty()
                || OF_THE_MESH.contains(ref.kind())
                || selected.contains(ref.namespace());
    ConfigSet seen =
        new ConfigSet(
            all.settings(),
            clusters,
            kept(all.objects(), base.all.objects(), base.seen.objects(), shown),
            all.namespaces(),
            diagnostics(all, shown),
            all.resolved(),
            all.credentials(),
            all.keySets(),
            kept(all.generations(), base.all.generations(), base.seen.generations(), shown));
    return new Discovered(all, seen);
  }

  /** A note for each object that is there and is not seen. */
  public List<Diagnostic> hidden() {
    return all.objects().keySet().stream()
        .filter(ref -> !seen.objects().containsKey(ref))
        .map(Discovered::hidden)
        .toList();
  }

  private static Diagnostic hidden(ObjectRef ref) {
    return Diagnostic.note(
        "namespace-not-selected",
        ref.toString(),
        "metadata.namespace",
        "the mesh does not look at namespace "
            + ref.namespace()
            + ", so the object has no effect: none of the discoverySelectors in the mesh's"
            + " settings selects it");
  }

  private static ClusterFacts nothing(ClusterId id) {
    return new ClusterFacts(
        id, SyncState.SYNCING, "", Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
  }

  /**
   * @param seen what is seen of {@code was}
   */
  private static ClusterFacts facts(
      Discovery discovery, ClusterFacts now, ClusterFacts was, ClusterFacts seen) {
    if (was == now) {
      return seen;
    }
    Set<String> selected = selected(discovery, now.namespaces());
    boolean same = selected(discovery, was.namespaces()).equals(selected);
    ClusterFacts from = same ? was : nothing(now.id());
    ClusterFacts kept = same ? seen : from;
    Predicate<KubeFact.Key> shown = key -> selected.contains(key.namespace());
    return new ClusterFacts(
        now.id(),
        now.state(),
        now.message(),
        kept(now.services(), from.services(), kept.services(), shown),
        kept(now.slices(), from.slices(), kept.slices(), shown),
        kept(now.pods(), from.pods(), kept.pods(), shown),
        now.nodes(),
        now.namespaces());
  }

  private static Set<String> selected(Discovery discovery, Map<String, KubeNamespace> namespaces) {
    Set<String> selected = new TreeSet<>();
    for (KubeNamespace namespace : namespaces.values()) {
      if (discovery.selects(namespace)) {
        selected.add(namespace.name());
      }
    }
    return selected;
  }

  /**
   * @param was of which {@code seen} is what is shown by the same rule
   */
  private static <K extends Comparable<? super K>, V> SharedMap<K, V> kept(
      Map<K, V> now, Map<K, V> was, Map<K, V> seen, Predicate<? super K> shown) {
    List<K> different = new ArrayList<>();
    SharedMap.compare(was, now, (key, before, after) -> different.add(key));
    SharedMap<K, V> kept = SharedMap.copyOf(seen);
    for (K key : different) {
      V value = now.get(key);
      if (value == null) {
        kept = kept.without(key);
      } else if (shown.test(key)) {
        kept = kept.with(key, value);
      }
    }
    return kept;
  }

  /** Nobody is told what is wrong with an object that nobody looks at. */
  private static List<Diagnostic> diagnostics(ConfigSet all, Predicate<ObjectRef> shown) {
    if (all.diagnostics().isEmpty()) {
      return all.diagnostics();
    }
    Set<String> hidden = new HashSet<>();
    for (ObjectRef ref : all.generations().keySet()) {
      if (!shown.test(ref)) {
        hidden.add(ref.toString());
      }
    }
    return all.diagnostics().stream().filter(d -> !hidden.contains(d.object())).toList();
  }
}
