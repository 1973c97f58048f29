package dev.weft.cli.analyze;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.Warnings;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.config.Diagnostic;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What proxies refuse, which no object shows: the control planes that serve them know it. */
record RefusedByProxies(ControlPlane controlPlane, ClusterAccess access) {
  private static final String CODE = "refused-by-proxy";

  /**
   * What the control planes of the contexts know; a warning where none of them can be asked.
   *
   * @param err where the warning goes
   */
  List<Diagnostic> in(List<String> contexts, PrintWriter err) {
    Set<Diagnostic> found = new TreeSet<>();
    boolean answered = false;
    String problem = "";
    for (String context : contexts) {
      try {
        controlPlane
            .all(access, context, RunningLab.HERE, "/debug/diagnostics")
            .answers()
            .forEach(answer -> add(answer.json(), found));
        answered = true;
      } catch (CommandFailure | KubernetesClientException e) {
        problem = String.valueOf(e.getMessage());
      }
    }
    if (!answered) {
      Warnings.print(err, List.of("what proxies refuse is not known: " + problem));
    }
    return List.copyOf(found);
  }

  private static void add(JsonNode diagnostics, Set<Diagnostic> found) {
    for (JsonNode each : diagnostics) {
      if (each.path("code").asText().equals(CODE)) {
        found.add(
            new Diagnostic(
                Diagnostic.Severity.valueOf(
                    each.path("severity").asText().toUpperCase(Locale.ROOT)),
                CODE,
                each.path("object").asText(),
                each.path("path").asText(),
                each.path("message").asText()));
      }
    }
  }
}
