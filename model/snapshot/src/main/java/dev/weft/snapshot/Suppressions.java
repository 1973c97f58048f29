package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Findings that an object does not want to hear of, by Istio's annotation {@code
 * galley.istio.io/analyze-suppress}: codes, or {@code *}.
 *
 * @param codes by object, as findings name it
 */
record Suppressions(Map<String, Set<String>> codes) {
  private static final String ANNOTATION = "galley.istio.io/analyze-suppress";
  private static final String ALL = "*";

  static Suppressions of(ConfigSet config) {
    Map<String, Set<String>> codes = new HashMap<>();
    for (ConfigObject object : config.objects().values()) {
      add(codes, object.ref().toString(), object.meta().annotations());
    }
    for (ClusterFacts cluster : config.clusters().values()) {
      String in = PodFindings.in(cluster);
      cluster
          .namespaces()
          .values()
          .forEach(n -> add(codes, "Namespace " + n.name() + in, n.annotations()));
      cluster
          .services()
          .values()
          .forEach(s -> add(codes, "Service " + s.id() + in, s.annotations()));
      cluster
          .pods()
          .values()
          .forEach(
              p -> {
                add(codes, "Pod " + p.namespace() + "/" + p.name() + in, p.annotations());
                add(codes, PortFindings.workload(p) + in, p.annotations());
              });
    }
    return new Suppressions(codes);
  }

  private static void add(
      Map<String, Set<String>> codes, String object, Map<String, String> annotations) {
    String value = annotations.getOrDefault(ANNOTATION, "");
    if (!value.isEmpty()) {
      codes.put(
          object,
          Arrays.stream(value.split(",", -1)).map(String::strip).collect(Collectors.toSet()));
    }
  }

  boolean admits(Diagnostic finding) {
    Set<String> unwanted = codes.getOrDefault(finding.object(), Set.of());
    return !unwanted.contains(ALL) && !unwanted.contains(finding.code());
  }
}
