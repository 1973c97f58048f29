package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import dev.weft.config.EnvoyFilter;
import dev.weft.config.EnvoyFilter.AddFilter;
import dev.weft.config.EnvoyFilter.ConfigureRoutes;
import dev.weft.config.EnvoyFilter.MergeFilter;
import dev.weft.config.EnvoyFilter.Patch;
import dev.weft.config.EnvoyFilter.RemoveFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * EnvoyFilters that name filters which are not there or do not take what is merged into them, or
 * whose place is a matter of age.
 */
final class EnvoyFilterFindings {
  private EnvoyFilterFindings() {}

  static void add(MeshSnapshot snapshot, List<Diagnostic> findings) {
    List<EnvoyFilter> all = snapshot.envoyFilters().all();
    Map<String, List<EnvoyFilter>> adding = new HashMap<>();
    for (EnvoyFilter object : all) {
      for (Patch patch : object.patches()) {
        if (patch instanceof AddFilter add) {
          adding.computeIfAbsent(add.name(), n -> new ArrayList<>()).add(object);
        }
      }
    }
    for (EnvoyFilter object : all) {
      for (Patch patch : object.patches()) {
        String named =
            switch (patch) {
              case AddFilter add -> add.anchor();
              case RemoveFilter remove -> remove.name();
              case MergeFilter merge -> merge.name();
              case ConfigureRoutes configure -> "";
            };
        if (!named.isEmpty() && !EnvoyFilter.OF_MESH.contains(named)) {
          named(object, patch, named, adding.getOrDefault(named, List.of()), findings);
        }
      }
    }
  }

  /** Whether a filter that an object adds takes what is merged into it. */
  private static boolean takes(EnvoyFilter adding, MergeFilter merge) {
    return adding.patches().stream()
        .filter(AddFilter.class::isInstance)
        .map(AddFilter.class::cast)
        .filter(add -> add.name().equals(merge.name()))
        .allMatch(add -> add.config().with(merge.config()).isPresent());
  }

  private static void named(
      EnvoyFilter object,
      Patch patch,
      String named,
      List<EnvoyFilter> adding,
      List<Diagnostic> findings) {
    if (adding.isEmpty()) {
      findings.add(
          Diagnostic.warning(
              FindingCode.MISSING_REFERENCE,
              object.ref().toString(),
              "spec.configPatches",
              "the mesh has no filter "
                  + named
                  + " and no EnvoyFilter adds it, so the patch changes nothing: correct the name"
                  + " in subFilter"));
      return;
    }
    if (patch instanceof MergeFilter merge) {
      adding.stream()
          .filter(other -> !takes(other, merge))
          .forEach(
              other ->
                  findings.add(
                      Diagnostic.warning(
                          FindingCode.NOT_MERGED,
                          object.ref().toString(),
                          "spec.configPatches",
                          "what is merged into the filter "
                              + named
                              + " of "
                              + other.ref()
                              + " is of another type, or no configuration comes of it, so the"
                              + " filter stays as it is")));
      return;
    }
    boolean byAge =
        !adding.contains(object)
            && adding.stream()
                .anyMatch(
                    other ->
                        other.priority() == object.priority()
                            && other.meta().namespace().equals(object.meta().namespace()));
    if (byAge) {
      findings.add(
          Diagnostic.warning(
              FindingCode.ORDER_BY_AGE,
              object.ref().toString(),
              "spec.priority",
              "the filter "
                  + named
                  + " comes from another EnvoyFilter of the same priority, so that their age"
                  + " decides whether it is there already: set a higher priority here"));
    }
  }
}
