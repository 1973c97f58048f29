package dev.weft.snapshot;

import dev.weft.config.ConfigObject;
import dev.weft.config.Diagnostic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Objects of one kind of which one can hold for a pod: of two for the same pods the older one.
 *
 * @param <O> the kind
 * @param labels which pods an object selects; empty for all of its namespace
 * @param path of the selector
 * @param ofNamespace the code where both are for the whole namespace
 * @param ofPod the code where both select a pod
 */
record Rivals<O extends ConfigObject>(
    Function<O, Map<String, String>> labels, String path, String ofNamespace, String ofPod) {

  /**
   * @param all of a namespace, the older ones first
   */
  void add(List<O> all, MeshSnapshot snapshot, List<Diagnostic> findings) {
    for (O object : all) {
      List<O> before = all.subList(0, all.indexOf(object));
      if (labels.apply(object).isEmpty()) {
        before.stream()
            .filter(other -> labels.apply(other).isEmpty())
            .findFirst()
            .ifPresent(
                other -> findings.add(ignored(ofNamespace, object, "the whole namespace", other)));
        continue;
      }
      before.stream()
          .flatMap(other -> pod(snapshot, object, other).stream())
          .findFirst()
          .ifPresent(findings::add);
    }
  }

  /** A pod that both select. */
  private Optional<Diagnostic> pod(MeshSnapshot snapshot, O object, O other) {
    return labels.apply(other).isEmpty()
        ? Optional.empty()
        : snapshot.workloads().values().stream()
            .filter(w -> w.key().namespace().equals(object.meta().namespace()))
            .filter(w -> Entries.has(w.labels(), labels.apply(object)))
            .filter(w -> Entries.has(w.labels(), labels.apply(other)))
            .findFirst()
            .map(w -> ignored(ofPod, object, "pod " + w.key(), other));
  }

  private Diagnostic ignored(String code, O object, String where, O other) {
    return Diagnostic.error(
        code,
        object.ref().toString(),
        path,
        "for " + where + " the older " + other.ref() + " holds: select other pods, or merge them");
  }
}
