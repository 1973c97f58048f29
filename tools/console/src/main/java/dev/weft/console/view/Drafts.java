package dev.weft.console.view;

import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.Discovered;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.Parsed;
import dev.weft.console.api.Finding;
import dev.weft.console.view.ObjectTrees.UnknownObjectException;
import dev.weft.console.yaml.MalformedYamlException;
import dev.weft.console.yaml.YamlDocument;
import dev.weft.snapshot.Findings;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.topology.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Text that is not in the config API yet, judged as if it were: by the parsers that admission uses,
 * and by the picture of the mesh that would come of it.
 */
public final class Drafts {
  private static final String CODE = "yaml";

  private Drafts() {}

  /**
   * What is wrong with a text, the worst first.
   *
   * @param yaml any number of objects
   */
  public static List<Finding> check(Moment moment, String yaml) {
    List<Finding> findings = new ArrayList<>();
    Map<ObjectRef, YamlDocument> objects = new LinkedHashMap<>();
    try {
      for (YamlDocument document : YamlDocument.all(yaml)) {
        try {
          objects.put(ObjectTrees.ref(document.tree()), document);
        } catch (UnknownObjectException e) {
          findings.add(slip(String.valueOf(e.getMessage()), e.path(), document.line(e.path())));
        }
      }
    } catch (MalformedYamlException e) {
      return List.of(slip("the text is no YAML: " + e.getMessage(), "", e.line()));
    }
    findings.addAll(judged(moment, objects));
    return findings;
  }

  private static Finding slip(String message, String path, int line) {
    return new Finding(
        CODE,
        "MalformedObject",
        Severity.ERROR,
        new dev.weft.console.api.ObjectRef("", "", "", ""),
        path,
        message,
        line,
        "");
  }

  /** What is found about objects if they were in the mesh as they are written. */
  static List<Finding> judged(Moment moment, Map<ObjectRef, YamlDocument> objects) {
    Map<ObjectRef, Parsed> parsed = new LinkedHashMap<>();
    objects.forEach(
        (ref, document) -> parsed.put(ref, ObjectParser.parse(ref.kind(), document.tree())));
    Map<String, YamlDocument> byName = new LinkedHashMap<>();
    objects.forEach((ref, document) -> byName.put(ref.toString(), document));
    // What is written into a namespace that the mesh does not look at is not there for it.
    Discovered discovered = Discovered.of(changed(moment.config(), parsed));
    ConfigSet seen = discovered.seen();
    return Stream.concat(
            Findings.of(seen, SnapshotBuilder.build(seen, moment.snapshot()).snapshot()).stream(),
            discovered.hidden().stream())
        .filter(d -> byName.containsKey(d.object()))
        .map(d -> FindingViews.finding(d, Objects.requireNonNull(byName.get(d.object()))::line))
        .toList();
  }

  /** The same mesh with some objects as they have been read. */
  private static ConfigSet changed(ConfigSet config, Map<ObjectRef, Parsed> parsed) {
    Map<ObjectRef, ConfigObject> objects = new TreeMap<>(config.objects());
    parsed.forEach(
        (ref, each) ->
            each.value().ifPresentOrElse(o -> objects.put(ref, o), () -> objects.remove(ref)));
    List<String> names = parsed.keySet().stream().map(ObjectRef::toString).toList();
    List<Diagnostic> diagnostics = new ArrayList<>();
    config.diagnostics().stream()
        .filter(d -> !names.contains(d.object()))
        .forEach(diagnostics::add);
    parsed.values().forEach(each -> diagnostics.addAll(each.diagnostics()));
    return with(config, objects, diagnostics);
  }

  /** The same mesh with other objects. */
  static ConfigSet with(
      ConfigSet config, Map<ObjectRef, ConfigObject> objects, List<Diagnostic> diagnostics) {
    return new ConfigSet(
        config.settings(),
        config.clusters(),
        objects,
        config.namespaces(),
        diagnostics,
        config.resolved(),
        config.credentials(),
        config.keySets(),
        config.generations());
  }
}
