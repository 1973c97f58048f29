package dev.weft.inject;

import dev.weft.config.Copies;
import dev.weft.config.ProxyConfigSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  /**
   * How a proxy is started that no webhook touches.
   *
   * @param concurrency event loops; 0 for as many as processors, null where nobody says
   * @param environment variables of its container
   * @param imageType what the tag of its image ends with; empty where nobody says
   */
  public record Start(
      @Nullable Integer concurrency, Map<String, String> environment, String imageType) {
    public Start {
      environment = Copies.map(environment);
    }

    /** An image of that type. */
    public String image(String reference) {
      return ofType(reference, imageType);
    }
  }

  /** What holds for the proxy of a pod; the narrower object has the last word. */
  public Start start(String namespace, Map<String, String> labels) {
    List<ProxyConfigSpec> holding = around(namespace);
    selecting(namespace, labels).ifPresent(holding::add);
    Integer concurrency = null;
    // In one order, however the objects were read: another one would restart the gateways.
    Map<String, String> environment = new TreeMap<>();
    String imageType = "";
    for (ProxyConfigSpec object : holding) {
      concurrency = object.concurrency() == null ? concurrency : object.concurrency();
      environment.putAll(object.environment());
      imageType = object.imageType().isEmpty() ? imageType : object.imageType();
    }
    return new Start(concurrency, environment, imageType);
  }

  /** An image of a type, which its tag ends with. */
  static String ofType(String reference, String type) {
    return type.isEmpty() || type.equals("default") ? reference : reference + "-" + type;
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
