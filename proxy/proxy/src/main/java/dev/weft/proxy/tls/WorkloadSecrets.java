package dev.weft.proxy.tls;

import dev.weft.proxy.identity.IdentitySource;
import dev.weft.proxy.identity.WorkloadIdentity;
import org.jspecify.annotations.Nullable;

/** The secrets that every workload has: its own certificate and the mesh's roots. */
public final class WorkloadSecrets implements TlsSecrets {
  /** Istio's name of the workload's certificate. */
  public static final String OWN = "default";

  /** Istio's name of the mesh's trust bundle. */
  public static final String MESH_ROOTS = "ROOTCA";

  private final IdentitySource identity;

  /** Reads from the identity in force at the time of each handshake. */
  public WorkloadSecrets(IdentitySource identity) {
    this.identity = identity;
  }

  @Override
  public @Nullable KeyMaterial key(String name) {
    WorkloadIdentity current = identity.current();
    return current == null || !name.equals(OWN)
        ? null
        : new KeyMaterial(current.key(), current.chain(), current.generation());
  }

  @Override
  public @Nullable Roots roots(String name) {
    WorkloadIdentity current = identity.current();
    return current == null || !name.equals(MESH_ROOTS)
        ? null
        : new Roots(current.roots(), current.generation());
  }
}
