package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import dev.weft.config.SidecarSpec;
import java.util.List;

/** Sidecar objects of which only one can hold. */
final class SidecarFindings {
  private static final Rivals<SidecarSpec> RIVALS =
      new Rivals<>(
          SidecarSpec::selector,
          "spec.workloadSelector",
          FindingCode.TWO_DEFAULT_SIDECARS,
          FindingCode.TWO_SIDECARS);

  private SidecarFindings() {}

  static void add(MeshSnapshot snapshot, List<Diagnostic> findings) {
    snapshot.sidecars().byNamespace().values().forEach(all -> RIVALS.add(all, snapshot, findings));
  }
}
