package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Annotations of {@code istio.io} that do not do what they look like. */
final class AnnotationFindings {
  private AnnotationFindings() {}

  static void add(ConfigSet config, List<Diagnostic> findings) {
    for (ClusterFacts cluster : config.clusters().values()) {
      String in = PodFindings.in(cluster);
      cluster
          .namespaces()
          .values()
          .forEach(
              n ->
                  check(
                      KnownAnnotation.Place.NAMESPACE,
                      "Namespace " + n.name() + in,
                      n.annotations(),
                      findings));
      cluster
          .services()
          .values()
          .forEach(
              s ->
                  check(
                      KnownAnnotation.Place.SERVICE,
                      "Service " + s.id() + in,
                      s.annotations(),
                      findings));
      // The pods of a workload are alike, and that is where an annotation is corrected.
      Map<String, Map<String, String>> workloads = new LinkedHashMap<>();
      cluster
          .pods()
          .values()
          .forEach(p -> workloads.putIfAbsent(PortFindings.workload(p), p.annotations()));
      workloads.forEach(
          (name, annotations) ->
              check(KnownAnnotation.Place.POD, name + in, annotations, findings));
    }
  }

  private static void check(
      KnownAnnotation.Place place,
      String object,
      Map<String, String> annotations,
      List<Diagnostic> findings) {
    annotations.forEach(
        (name, value) -> {
          if (KnownAnnotation.ofIstio(name)) {
            finding(place, object, name, value).ifPresent(findings::add);
          }
        });
  }

  private static Optional<Diagnostic> finding(
      KnownAnnotation.Place place, String object, String name, String value) {
    String path = "metadata.annotations[" + name + "]";
    Optional<KnownAnnotation> found = KnownAnnotation.of(name);
    if (found.isEmpty()) {
      return Optional.of(
          Diagnostic.warning(
              FindingCode.UNKNOWN_ANNOTATION,
              object,
              path,
              "Istio knows no annotation of that name, so it has no effect: check the spelling"));
    }
    KnownAnnotation known = found.get();
    if (!known.goesWith(place)) {
      return Optional.of(
          Diagnostic.warning(
              FindingCode.MISPLACED_ANNOTATION,
              object,
              path,
              "it has an effect on a " + known.place().word() + " only: put it there"));
    }
    if (!known.takes(value)) {
      return Optional.of(
          Diagnostic.warning(
              FindingCode.INVALID_ANNOTATION,
              object,
              path,
              "'" + value + "' is not " + known.values().words() + ", so it has no effect"));
    }
    return known.deprecated()
        ? Optional.of(
            Diagnostic.note(
                FindingCode.DEPRECATED_ANNOTATION,
                object,
                path,
                "Istio has given this annotation up: it may lose its effect"))
        : Optional.empty();
  }
}
