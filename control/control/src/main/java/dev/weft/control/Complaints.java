package dev.weft.control;

import dev.weft.provision.kube.Provisioner;
import dev.weft.types.ClusterId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What could not be provisioned, for those who ask while there is no provisioner too. Thread-safe.
 */
final class Complaints {
  private volatile @Nullable Provisioner provisioner;

  void from(@Nullable Provisioner current) {
    provisioner = current;
  }

  /** Why the cluster is not as wanted, a line each. */
  List<String> of(ClusterId cluster) {
    Provisioner now = provisioner;
    return now == null ? List.of() : now.complaints().getOrDefault(cluster, List.of());
  }
}
