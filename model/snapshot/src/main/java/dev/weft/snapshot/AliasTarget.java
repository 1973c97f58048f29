package dev.weft.snapshot;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What an ExternalName Service stands for. One that names a service of the mesh is another name of
 * that service, with its ports, its routes and its policy. One that names a host outside is a
 * service of its own, whose endpoints DNS knows. Istio: ENABLE_EXTERNAL_NAME_ALIAS,
 * pilot/pkg/model/push_context.go resolveServiceAliases.
 */
public final class AliasTarget {
  private AliasTarget() {}

  /** A host name as DNS compares it: in lower case, without a dot at the end. */
  static String canonical(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** Whether a service is nothing but another name of something in the mesh. */
  public static boolean isAlias(MeshSnapshot snapshot, MeshService service) {
    String name = service.externalName();
    return !name.isEmpty() && name.endsWith(".svc." + snapshot.settings().domainSuffix());
  }

  /**
   * The host that a host name means, through as many aliases as there are: that of a service, or
   * that of a pod.
   *
   * @return empty where a name on the way is nobody's, or the aliases go round
   */
  public static Optional<String> host(MeshSnapshot snapshot, String hostname) {
    Set<String> passed = new HashSet<>();
    String host = hostname;
    while (passed.add(host)) {
      Optional<MeshService> found = snapshot.serviceByHostname(host);
      if (found.isEmpty()) {
        return snapshot.podByHostname(host).isPresent() ? Optional.of(host) : Optional.empty();
      }
      if (!isAlias(snapshot, found.get())) {
        return Optional.of(host);
      }
      host = found.get().externalName();
    }
    return Optional.empty();
  }

  /** The service that a host name means, in the same way. */
  public static Optional<MeshService> of(MeshSnapshot snapshot, String hostname) {
    return host(snapshot, hostname).flatMap(snapshot::serviceByHostname);
  }
}
