package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import dev.weft.config.SidecarSpec;
import java.util.List;
import java.util.Optional;

/** Sidecar objects of which only one can hold. */
final class SidecarFindings {
  private SidecarFindings() {}

  static void add(MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (List<SidecarSpec> all : snapshot.sidecars().byNamespace().values()) {
      for (SidecarSpec sidecar : all) {
        List<SidecarSpec> before = all.subList(0, all.indexOf(sidecar));
        if (sidecar.selector().isEmpty()) {
          before.stream()
              .filter(other -> other.selector().isEmpty())
              .findFirst()
              .ifPresent(
                  other ->
                      findings.add(
                          ignored(
                              FindingCode.TWO_DEFAULT_SIDECARS,
                              sidecar,
                              "the whole namespace",
                              other)));
          continue;
        }
        before.stream()
            .flatMap(other -> pod(snapshot, sidecar, other).stream())
            .findFirst()
            .ifPresent(findings::add);
      }
    }
  }

  /** A pod that both select. */
  private static Optional<Diagnostic> pod(
      MeshSnapshot snapshot, SidecarSpec sidecar, SidecarSpec other) {
    return snapshot.workloads().values().stream()
        .filter(w -> w.key().namespace().equals(sidecar.meta().namespace()))
        .filter(w -> Entries.has(w.labels(), sidecar.selector()))
        .filter(w -> Entries.has(w.labels(), other.selector()))
        .findFirst()
        .map(w -> ignored(FindingCode.TWO_SIDECARS, sidecar, "pod " + w.key(), other));
  }

  private static Diagnostic ignored(
      String code, SidecarSpec sidecar, String where, SidecarSpec other) {
    return Diagnostic.error(
        code,
        sidecar.ref().toString(),
        "spec.workloadSelector",
        "for " + where + " the older " + other.ref() + " holds: select other pods, or merge them");
  }
}
