package dev.weft.snapshot;

import dev.weft.config.Diagnostic;
import dev.weft.config.EnvoyFilter;
import dev.weft.config.EnvoyFilter.AddFilter;
import dev.weft.config.EnvoyFilter.ConfigureRoutes;
import dev.weft.config.EnvoyFilter.Patch;
import dev.weft.config.EnvoyFilter.RemoveFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** EnvoyFilters that name filters which are not there, or whose place is a matter of age. */
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
              case ConfigureRoutes configure -> "";
            };
        if (!named.isEmpty() && !EnvoyFilter.OF_MESH.contains(named)) {
          named(object, named, adding.getOrDefault(named, List.of()), findings);
        }
      }
    }
  }

  private static void named(
      EnvoyFilter object, String named, List<EnvoyFilter> adding, List<Diagnostic> findings) {
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
