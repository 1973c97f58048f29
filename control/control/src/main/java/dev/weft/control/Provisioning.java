package dev.weft.control;

import dev.weft.provision.kube.Provisioner;
import dev.weft.types.ClusterId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What could not be provisioned, for those who ask before there is a provisioner. Thread-safe. */
final class Provisioning {
  private volatile @Nullable Provisioner provisioner;

  void provisioner(Provisioner provisioner) {
    this.provisioner = provisioner;
  }

  /** Why the cluster is not as wanted, a line each. */
  List<String> complaints(ClusterId cluster) {
    Provisioner now = provisioner;
    return now == null ? List.of() : now.complaints().getOrDefault(cluster, List.of());
  }
}
