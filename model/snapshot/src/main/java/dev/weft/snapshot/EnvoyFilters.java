package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.EnvoyFilter;
import dev.weft.config.ObjectRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * EnvoyFilter objects by namespace. For a workload hold those of the mesh and then those of its
 * namespace, each in the order of priority and age. Istio: pilot/pkg/model/push_context.go
 * initEnvoyFilters.
 *
 * @param byNamespace in the order in which they are applied
 */
public record EnvoyFilters(String rootNamespace, Map<String, List<EnvoyFilter>> byNamespace) {
  public EnvoyFilters {
    byNamespace = Copies.map(byNamespace);
  }

  public static EnvoyFilters none(String rootNamespace) {
    return new EnvoyFilters(rootNamespace, Map.of());
  }

  static EnvoyFilters of(String rootNamespace, List<EnvoyFilter> all) {
    Map<String, List<EnvoyFilter>> byNamespace = new TreeMap<>();
    all.stream()
        .filter(f -> !f.target().elsewhere())
        .sorted(
            Comparator.comparingInt(EnvoyFilter::priority)
                .thenComparing(f -> f.meta().created())
                .thenComparing(EnvoyFilter::ref))
        .forEach(
            f -> byNamespace.computeIfAbsent(f.meta().namespace(), n -> new ArrayList<>()).add(f));
    byNamespace.replaceAll((namespace, list) -> List.copyOf(list));
    return new EnvoyFilters(rootNamespace, byNamespace);
  }

  /** Those that hold for a workload, in the order in which they are applied. */
  public List<EnvoyFilter> of(String namespace, Map<String, String> labels) {
    if (byNamespace.isEmpty()) {
      return List.of();
    }
    List<EnvoyFilter> holding = new ArrayList<>();
    in(rootNamespace).stream().filter(f -> f.target().selects(labels)).forEach(holding::add);
    if (!namespace.equals(rootNamespace)) {
      in(namespace).stream().filter(f -> f.target().selects(labels)).forEach(holding::add);
    }
    return holding;
  }

  /** Those of these names that there are, in their order. */
  public List<EnvoyFilter> of(List<ObjectRef> refs) {
    return refs.stream()
        .flatMap(ref -> in(ref.namespace()).stream().filter(f -> f.ref().equals(ref)))
        .toList();
  }

  private List<EnvoyFilter> in(String namespace) {
    return byNamespace.getOrDefault(namespace, List.of());
  }

  /** Every one, by namespace. */
  public List<EnvoyFilter> all() {
    return byNamespace.values().stream().flatMap(List::stream).toList();
  }
}
