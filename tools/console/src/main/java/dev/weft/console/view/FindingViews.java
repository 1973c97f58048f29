package dev.weft.console.view;

import dev.weft.config.Diagnostic;
import dev.weft.console.api.Finding;
import dev.weft.console.api.ObjectRef;
import dev.weft.snapshot.FindingType;
import dev.weft.topology.Severity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Diagnostics as findings. */
public final class FindingViews {
  // "VirtualService shop/cart", "Service shop/cart (cluster west)", "MemberCluster west".
  private static final Pattern OBJECT =
      Pattern.compile("(\\S+) (?:([^\\s/]+)/)?(\\S+?)(?: \\(cluster (\\S+)\\))?");

  private FindingViews() {}

  /** What a diagnostic is about. */
  public static ObjectRef object(String words) {
    Matcher matcher = OBJECT.matcher(words);
    return matcher.matches()
        ? new ObjectRef(
            matcher.group(1), text(matcher.group(2)), matcher.group(3), text(matcher.group(4)))
        : new ObjectRef("", "", words, "");
  }

  private static String text(@Nullable String group) {
    return group == null ? "" : group;
  }

  /** All findings, by the object that they are about, whichever cluster it is in. */
  static Map<ObjectRef, List<Diagnostic>> byObject(Moment moment) {
    return moment.findings().stream()
        .collect(Collectors.groupingBy(d -> anywhere(object(d.object()))));
  }

  private static ObjectRef anywhere(ObjectRef ref) {
    return new ObjectRef(ref.kind(), ref.namespace(), ref.name(), "");
  }

  static ObjectRef ref(dev.weft.config.ObjectRef ref) {
    return new ObjectRef(ref.kind().kind(), ref.namespace(), ref.name(), "");
  }

  /** Those of some objects, the worst first. */
  static List<Finding> of(Map<ObjectRef, List<Diagnostic>> all, Collection<ObjectRef> objects) {
    return objects.stream()
        .distinct()
        .flatMap(o -> all.getOrDefault(o, List.of()).stream())
        .sorted()
        .map(d -> finding(d, path -> 0))
        .toList();
  }

  /**
   * A finding.
   *
   * @param line of a path in the object's YAML; 0 where it is not known
   */
  public static Finding finding(Diagnostic diagnostic, ToIntFunction<String> line) {
    FindingType type = FindingType.of(diagnostic.code());
    return new Finding(
        diagnostic.code(),
        type.name(),
        severity(diagnostic),
        object(diagnostic.object()),
        diagnostic.path(),
        diagnostic.message(),
        line.applyAsInt(diagnostic.path()),
        type.documentation().orElse(""));
  }

  static Severity severity(Diagnostic diagnostic) {
    return switch (diagnostic.severity()) {
      case ERROR -> Severity.ERROR;
      case WARNING -> Severity.WARNING;
      case NOTE -> Severity.INFO;
    };
  }
}
