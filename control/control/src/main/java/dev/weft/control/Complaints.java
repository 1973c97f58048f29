package dev.weft.control;

import dev.weft.control.status.Provisioned;
import dev.weft.provision.kube.Provisioner;
import dev.weft.types.ClusterId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What could not be provisioned, and what was not yet, for those who ask while there is no
 * provisioner too. Thread-safe.
 */
final class Complaints implements Provisioned {
  private volatile @Nullable Provisioner provisioner;
  private volatile boolean expected = true;

  void from(@Nullable Provisioner current) {
    provisioner = current;
  }

  /** This control plane keeps nothing in its clusters. */
  void nothingIsKept() {
    expected = false;
  }

  @Override
  public List<String> complaints(ClusterId cluster) {
    Provisioner now = provisioner;
    return now == null ? List.of() : now.complaints().getOrDefault(cluster, List.of());
  }

  @Override
  public boolean pending(ClusterId cluster) {
    Provisioner now = provisioner;
    return now == null ? expected : now.pending(cluster);
  }
}
