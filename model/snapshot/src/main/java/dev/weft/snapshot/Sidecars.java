package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.ObjectRef;
import dev.weft.config.SidecarSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sidecar objects by namespace. Istio: pilot/pkg/model/push_context.go getSidecarScope.
 *
 * @param byNamespace those with a selector first, of both the oldest first
 */
public record Sidecars(String rootNamespace, Map<String, List<SidecarSpec>> byNamespace) {
  private static final Comparator<SidecarSpec> PRECEDENCE =
      Comparator.comparing((SidecarSpec s) -> s.selector().isEmpty())
          .thenComparing(s -> s.meta().created())
          .thenComparing(SidecarSpec::ref);

  public Sidecars {
    byNamespace = Copies.map(byNamespace);
  }

  public static Sidecars none(String rootNamespace) {
    return new Sidecars(rootNamespace, Map.of());
  }

  static Sidecars of(String rootNamespace, List<SidecarSpec> all) {
    Map<String, List<SidecarSpec>> byNamespace = new TreeMap<>();
    all.stream()
        .sorted(PRECEDENCE)
        .forEach(
            s -> byNamespace.computeIfAbsent(s.meta().namespace(), n -> new ArrayList<>()).add(s));
    byNamespace.replaceAll((namespace, list) -> List.copyOf(list));
    return new Sidecars(rootNamespace, byNamespace);
  }

  /** Those of a namespace, in the order of precedence. */
  public List<SidecarSpec> in(String namespace) {
    return byNamespace.getOrDefault(namespace, List.of());
  }

  /** The one that holds for a pod: that of its namespace, else the one of the root namespace. */
  public Optional<SidecarSpec> of(String namespace, Map<String, String> labels) {
    return in(namespace).stream()
        .filter(s -> labels.entrySet().containsAll(s.selector().entrySet()))
        .findFirst()
        .or(() -> in(rootNamespace).stream().filter(s -> s.selector().isEmpty()).findFirst());
  }

  public Optional<SidecarSpec> get(ObjectRef ref) {
    return in(ref.namespace()).stream().filter(s -> s.ref().equals(ref)).findFirst();
  }

  /** Every one, by namespace. */
  List<SidecarSpec> all() {
    return byNamespace.values().stream().flatMap(List::stream).toList();
  }
}
