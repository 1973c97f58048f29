package dev.weft.inject;

import dev.weft.config.ProxyConfigSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ProxyConfig objects of a mesh. Istio: pilot/pkg/model/proxy_config.go.
 *
 * @param all the oldest first
 */
public record ProxyConfigs(String rootNamespace, List<ProxyConfigSpec> all) {
  /** No objects. */
  public static final ProxyConfigs NONE = new ProxyConfigs("", List.of());

  public ProxyConfigs {
    all =
        all.stream()
            .sorted(
                Comparator.comparing((ProxyConfigSpec s) -> s.meta().created())
                    .thenComparing(ProxyConfigSpec::ref))
            .toList();
  }

  /** Those of the mesh and of a namespace that hold for all pods, the narrower one last. */
  List<ProxyConfigSpec> around(String namespace) {
    List<ProxyConfigSpec> holding = new ArrayList<>();
    whole(rootNamespace).ifPresent(holding::add);
    if (!namespace.equals(rootNamespace)) {
      whole(namespace).ifPresent(holding::add);
    }
    return holding;
  }

  private Optional<ProxyConfigSpec> whole(String namespace) {
    return in(namespace).stream().filter(s -> s.selector().isEmpty()).findFirst();
  }

  /** The one that selects a pod: the oldest of its namespace. */
  Optional<ProxyConfigSpec> selecting(String namespace, Map<String, String> labels) {
    return in(namespace).stream()
        .filter(s -> !s.selector().isEmpty())
        .filter(s -> labels.entrySet().containsAll(s.selector().entrySet()))
        .findFirst();
  }

  private List<ProxyConfigSpec> in(String namespace) {
    return all.stream().filter(s -> s.meta().namespace().equals(namespace)).toList();
  }
}
