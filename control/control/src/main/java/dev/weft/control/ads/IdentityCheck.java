package dev.weft.control.ads;

import dev.weft.ca.Caller;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Workload;
import dev.weft.translate.ProxyNode;
import dev.weft.types.SpiffeId;
import java.util.Optional;

/**
 * Whether a caller is who its node says. Istio: pilot/pkg/xds/auth.go, {@code
 * PILOT_ENABLE_XDS_IDENTITY_CHECK}.
 */
final class IdentityCheck {
  private IdentityCheck() {}

  /** Why the caller may not be this proxy; empty where it may. */
  static Optional<String> denial(Caller caller, ProxyNode node, MeshSnapshot snapshot) {
    SpiffeId identity = caller.identity();
    if (!caller.cluster().equals(node.cluster())) {
      return Optional.of(
          "node.metadata.CLUSTER_ID is '"
              + node.cluster()
              + "', but the caller is known in cluster '"
              + caller.cluster()
              + "'");
    }
    if (!identity.namespace().equals(node.namespace())) {
      return Optional.of(
          "node.id is of namespace '"
              + node.namespace()
              + "', but the caller's identity is "
              + identity);
    }
    if (!node.serviceAccount().isEmpty()
        && !node.serviceAccount().equals(identity.serviceAccount())) {
      return Optional.of(
          "node.metadata.SERVICE_ACCOUNT is '"
              + node.serviceAccount()
              + "', but the caller's identity is "
              + identity);
    }
    Optional<Workload> pod = snapshot.workload(node.cluster(), node.namespace(), node.pod());
    return pod.map(Workload::identity)
        .filter(
            own ->
                !own.namespace().equals(identity.namespace())
                    || !own.serviceAccount().equals(identity.serviceAccount()))
        .map(
            own ->
                "pod "
                    + node.pod()
                    + "."
                    + node.namespace()
                    + " in cluster "
                    + node.cluster()
                    + " runs as service account '"
                    + own.serviceAccount()
                    + "', but the caller's identity is "
                    + identity);
  }
}
