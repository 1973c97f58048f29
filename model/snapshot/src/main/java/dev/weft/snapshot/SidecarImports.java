package dev.weft.snapshot;

import dev.weft.config.SidecarSpec.Egress;
import dev.weft.config.SidecarSpec.EgressHost;

/** What entries of a Sidecar import. Istio: pilot/pkg/model/sidecar.go. */
public final class SidecarImports {
  private SidecarImports() {}

  /** Whether an entry imports a service: one for a port, those that have it. */
  public static boolean imports(
      MeshSnapshot snapshot, Egress by, String viewer, MeshService service) {
    return listens(snapshot, by, service)
        && imports(by, viewer, service.id().namespace(), service.hostname());
  }

  /** Whether some port of a service is called where an entry listens. */
  static boolean listens(MeshSnapshot snapshot, Egress by, MeshService service) {
    return by.port() == null
        || service.port(by.port().number()).isPresent()
        || AliasTarget.isAlias(snapshot, service);
  }

  /**
   * Whether an entry imports a host.
   *
   * @param viewer the namespace of the pod
   * @param namespace of what has the host
   */
  public static boolean imports(Egress by, String viewer, String namespace, String host) {
    return by.hosts().stream().anyMatch(each -> imports(each, viewer, namespace, host));
  }

  /** Whether that host of an entry means a host. */
  static boolean imports(EgressHost by, String viewer, String namespace, String host) {
    boolean there =
        switch (by.namespace()) {
          case "*" -> true;
          case "." -> namespace.equals(viewer);
          default -> namespace.equals(by.namespace());
        };
    return there && (HostNames.matches(by.host(), host) || HostNames.matches(host, by.host()));
  }
}
