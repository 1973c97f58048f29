package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.MtlsMode;
import dev.weft.config.PeerAuthentication;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What workloads accept, resolved by scope: the workload's own rule, else its namespace's, else the
 * mesh's; the oldest wins within a scope. Istio: pilot/pkg/model/authentication.go.
 *
 * @param byNamespace the oldest first
 */
public record PeerAuthentications(
    String rootNamespace, Map<String, List<PeerAuthentication>> byNamespace) {
  public PeerAuthentications {
    byNamespace = Copies.map(byNamespace);
  }

  public static PeerAuthentications none(String rootNamespace) {
    return new PeerAuthentications(rootNamespace, Map.of());
  }

  public static PeerAuthentications of(String rootNamespace, List<PeerAuthentication> all) {
    Map<String, List<PeerAuthentication>> byNamespace = new TreeMap<>();
    all.stream()
        .sorted(
            Comparator.comparing((PeerAuthentication p) -> p.meta().created())
                .thenComparing(p -> p.ref()))
        .forEach(
            p -> byNamespace.computeIfAbsent(p.meta().namespace(), n -> new ArrayList<>()).add(p));
    byNamespace.replaceAll((n, list) -> List.copyOf(list));
    return new PeerAuthentications(rootNamespace, byNamespace);
  }

  /** The mode on a port of a workload; {@code port} is what the workload listens on. */
  public MtlsMode mode(String namespace, Map<String, String> labels, int port) {
    PeerAuthentication own = selected(namespace, labels);
    if (own != null) {
      MtlsMode onPort = own.ports().get(port);
      if (onPort != null) {
        return onPort;
      }
      if (own.mode() != null) {
        return own.mode();
      }
    }
    return scopeMode(namespace);
  }

  /** The mode of a workload where no port says otherwise. */
  public MtlsMode mode(String namespace, Map<String, String> labels) {
    return mode(namespace, labels, 0);
  }

  /** The ports of a workload that have a mode of their own. */
  public Map<Integer, MtlsMode> ports(String namespace, Map<String, String> labels) {
    PeerAuthentication own = selected(namespace, labels);
    return own == null ? Map.of() : own.ports();
  }

  private @Nullable PeerAuthentication selected(String namespace, Map<String, String> labels) {
    for (PeerAuthentication candidate : byNamespace.getOrDefault(namespace, List.of())) {
      if (!candidate.selector().isEmpty()
          && labels.entrySet().containsAll(candidate.selector().entrySet())) {
        return candidate;
      }
    }
    return null;
  }

  private MtlsMode scopeMode(String namespace) {
    MtlsMode mode = namespaceMode(namespace);
    if (mode == null && !namespace.equals(rootNamespace)) {
      mode = namespaceMode(rootNamespace);
    }
    return mode == null ? MtlsMode.PERMISSIVE : mode;
  }

  private @Nullable MtlsMode namespaceMode(String namespace) {
    for (PeerAuthentication candidate : byNamespace.getOrDefault(namespace, List.of())) {
      if (candidate.selector().isEmpty()) {
        return candidate.mode();
      }
    }
    return null;
  }
}
