package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.ObjectRef;
import dev.weft.config.Telemetry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Telemetry objects by namespace. For a workload hold that of the mesh, that of its namespace and
 * one that selects it; of several in one place the oldest. Istio: pilot/pkg/model/telemetry.go
 * applicableTelemetries.
 *
 * @param byNamespace the oldest first
 */
public record Telemetries(String rootNamespace, Map<String, List<Telemetry>> byNamespace) {
  public Telemetries {
    byNamespace = Copies.map(byNamespace);
  }

  public static Telemetries none(String rootNamespace) {
    return new Telemetries(rootNamespace, Map.of());
  }

  static Telemetries of(String rootNamespace, List<Telemetry> all) {
    Map<String, List<Telemetry>> byNamespace = new TreeMap<>();
    all.stream()
        .filter(t -> !t.target().elsewhere())
        .sorted(
            Comparator.comparing((Telemetry t) -> t.meta().created()).thenComparing(Telemetry::ref))
        .forEach(
            t -> byNamespace.computeIfAbsent(t.meta().namespace(), n -> new ArrayList<>()).add(t));
    byNamespace.replaceAll((namespace, list) -> List.copyOf(list));
    return new Telemetries(rootNamespace, byNamespace);
  }

  /** Those that hold for a workload, that of the mesh first. */
  public List<Telemetry> of(String namespace, Map<String, String> labels) {
    if (byNamespace.isEmpty()) {
      return List.of();
    }
    List<Telemetry> holding = new ArrayList<>();
    addDefault(rootNamespace, holding);
    if (!namespace.equals(rootNamespace)) {
      addDefault(namespace, holding);
    }
    in(namespace).stream()
        .filter(t -> !t.target().labels().isEmpty() && t.target().selects(labels))
        .findFirst()
        .ifPresent(holding::add);
    return holding;
  }

  private void addDefault(String namespace, List<Telemetry> to) {
    in(namespace).stream()
        .filter(t -> t.target().labels().isEmpty())
        .findFirst()
        .ifPresent(to::add);
  }

  /** Those of these names that there are, in their order. */
  public List<Telemetry> of(List<ObjectRef> refs) {
    return refs.stream()
        .flatMap(ref -> in(ref.namespace()).stream().filter(t -> t.ref().equals(ref)))
        .toList();
  }

  /** Those of a namespace, the oldest first. */
  public List<Telemetry> in(String namespace) {
    return byNamespace.getOrDefault(namespace, List.of());
  }

  /** Every one, by namespace. */
  List<Telemetry> all() {
    return byNamespace.values().stream().flatMap(List::stream).toList();
  }
}
