package dev.weft.console.view;

import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.DestinationRule;
import dev.weft.config.Diagnostic;
import dev.weft.config.GatewayConfig;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.VirtualService;
import dev.weft.console.api.ConfigDetail;
import dev.weft.console.api.ConfigRow;
import dev.weft.console.api.Finding;
import dev.weft.console.api.Worst;
import dev.weft.console.yaml.MalformedYamlException;
import dev.weft.console.yaml.YamlDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The objects of the config API. */
public final class ConfigViews {
  private ConfigViews() {}

  /** All that pass, in the order of their kinds. */
  public static List<ConfigRow> rows(Moment moment, Predicate<ObjectRef> wanted) {
    Map<String, List<Diagnostic>> found = new TreeMap<>();
    moment
        .findings()
        .forEach(d -> found.computeIfAbsent(d.object(), o -> new ArrayList<>()).add(d));
    return moment.config().generations().keySet().stream()
        .filter(wanted)
        .map(
            ref -> {
              @Nullable ConfigObject object = moment.config().objects().get(ref);
              return row(
                  ref,
                  object == null ? Instant.EPOCH : object.meta().created(),
                  found.getOrDefault(ref.toString(), List.of()).stream()
                      .map(d -> FindingViews.finding(d, path -> 0))
                      .toList());
            })
        .toList();
  }

  private static ConfigRow row(ObjectRef ref, Instant created, List<Finding> findings) {
    return new ConfigRow(
        ref.kind().kind(),
        ObjectTrees.apiVersion(ref.kind()),
        ref.namespace(),
        ref.name(),
        created.equals(Instant.EPOCH) ? "" : created.toString(),
        findings.size(),
        Worst.of(findings.stream().map(Finding::severity).toList()));
  }

  /**
   * An object as people edit it, with what is found about it as it stands there.
   *
   * @param stored as the config API has it, or would have it
   */
  public static ConfigDetail detail(Moment moment, ObjectRef ref, Map<String, Object> stored) {
    String yaml = YamlDocument.text(ObjectTrees.edited(stored));
    List<Finding> findings = Drafts.judged(moment, Map.of(ref, read(yaml)));
    Optional<ConfigObject> object = ObjectParser.parse(ref.kind(), stored).value();
    return new ConfigDetail(
        row(ref, object.map(o -> o.meta().created()).orElse(Instant.EPOCH), findings),
        yaml,
        findings,
        object.map(o -> references(moment, o)).orElse(List.of()));
  }

  private static YamlDocument read(String yaml) {
    try {
      return YamlDocument.all(yaml).getFirst();
    } catch (MalformedYamlException e) {
      throw new IllegalStateException("what was written can be read", e);
    }
  }

  private static List<dev.weft.console.api.ObjectRef> references(
      Moment moment, ConfigObject object) {
    String namespace = object.meta().namespace();
    return switch (object) {
      case VirtualService service ->
          Stream.concat(
                  Rules.services(
                      moment.snapshot(),
                      Stream.concat(
                          service.hosts().stream(),
                          Rules.destinations(service).stream().map(d -> d.host())),
                      namespace)
                      .stream(),
                  service.gateways().stream()
                      .filter(g -> !g.equals("mesh"))
                      .map(g -> gateway(g, namespace)))
              .toList();
      case DestinationRule rule ->
          Rules.services(moment.snapshot(), Stream.of(rule.host()), namespace);
      case GatewayConfig gateway ->
          moment.snapshot().virtualServices().stream()
              .filter(
                  s ->
                      s.gateways().stream()
                          .map(g -> gateway(g, s.meta().namespace()))
                          .anyMatch(FindingViews.ref(gateway.ref())::equals))
              .map(s -> FindingViews.ref(s.ref()))
              .toList();
      default -> List.of();
    };
  }

  private static dev.weft.console.api.ObjectRef gateway(String written, String namespace) {
    int slash = written.indexOf('/');
    return new dev.weft.console.api.ObjectRef(
        ConfigKind.GATEWAY.kind(),
        slash < 0 ? namespace : written.substring(0, slash),
        written.substring(slash + 1),
        "");
  }
}
