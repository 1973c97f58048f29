package dev.weft.traffic;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.weft.config.ConfigKind;
import dev.weft.config.ObjectParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An object with one field of interest, and what has to come of it.
 *
 * @param field its path, as {@link FieldPaths} has it
 * @param note what users should know, from the head of the file
 * @param object the object, complete
 * @param beside objects that it is tried with
 * @param steps what is done, and what comes of it: see {@link FieldSteps}
 * @param makes what the mesh makes of it in a cluster: {@code KIND/json/pointer} to a value
 * @param logged parts of the client's access log
 * @param warns what people are told when they apply it; empty for nothing
 * @param refuses why it is not taken; empty where it is
 */
record FieldCase(
    Kind kind,
    String field,
    String note,
    Map<String, Object> object,
    List<Object> beside,
    List<Words> steps,
    Map<String, Object> makes,
    List<String> logged,
    String warns,
    String refuses) {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** All that a reader of the object asks for, as paths within {@code spec}. */
  Set<String> asked() {
    Set<String> asked = new TreeSet<>();
    Map<String, Object> tree = new LinkedHashMap<>(object);
    tree.put("spec", new AskedFields(spec(), asked));
    ObjectParser.parse(kind.config, tree);
    return asked;
  }

  /** The kinds that are tried, each with a folder of files named by fields. */
  enum Kind {
    VIRTUAL_SERVICE(ConfigKind.VIRTUAL_SERVICE, "virtual-service"),
    DESTINATION_RULE(ConfigKind.DESTINATION_RULE, "destination-rule"),
    GATEWAY(ConfigKind.GATEWAY, "gateway"),
    PEER_AUTHENTICATION(ConfigKind.PEER_AUTHENTICATION, "peer-authentication"),
    REQUEST_AUTHENTICATION(ConfigKind.REQUEST_AUTHENTICATION, "request-authentication"),
    AUTHORIZATION_POLICY(ConfigKind.AUTHORIZATION_POLICY, "authorization-policy"),
    SERVICE_ENTRY(ConfigKind.SERVICE_ENTRY, "service-entry"),
    WORKLOAD_ENTRY(ConfigKind.WORKLOAD_ENTRY, "workload-entry"),
    WORKLOAD_GROUP(ConfigKind.WORKLOAD_GROUP, "workload-group"),
    SIDECAR(ConfigKind.SIDECAR, "sidecar"),
    TELEMETRY(ConfigKind.TELEMETRY, "telemetry"),
    PROXY_CONFIG(ConfigKind.PROXY_CONFIG, "proxy-config"),
    ENVOY_FILTER(ConfigKind.ENVOY_FILTER, "envoy-filter"),
    ISTIO_GATEWAY(ConfigKind.ISTIO_GATEWAY, "istio-gateway");

    private final ConfigKind config;
    final String folder;

    Kind(ConfigKind config, String folder) {
      this.config = config;
      this.folder = folder;
    }

    /** As people write it. */
    String kind() {
      return config.kind();
    }

    /** The name of its definition. */
    String crd() {
      return config.plural() + "." + config.group();
    }

    private String apiVersion() {
      return config.group() + "/" + config.versions().getFirst();
    }

    private static Kind of(String kind) {
      for (Kind each : values()) {
        if (each.kind().equals(kind)) {
          return each;
        }
      }
      throw new IllegalArgumentException("kind " + kind);
    }
  }

  /** What becomes of a field. */
  enum Verdict {
    CARRIED_OUT("yes"),
    WARNED("no, and said so"),
    REFUSED("refused");

    final String words;

    Verdict(String words) {
      this.words = words;
    }
  }

  Verdict verdict() {
    return !refuses.isEmpty()
        ? Verdict.REFUSED
        : warns.isEmpty() ? Verdict.CARRIED_OUT : Verdict.WARNED;
  }

  /** Whether anything is expected of it. */
  boolean expects() {
    return verdict() != Verdict.CARRIED_OUT || !steps.isEmpty() || !makes.isEmpty();
  }

  /** The same with another spec and other objects beside it. */
  FieldCase with(Map<String, Object> spec, List<Object> others, List<Words> otherSteps) {
    Map<String, Object> changed = new LinkedHashMap<>(object);
    changed.put("spec", spec);
    return new FieldCase(
        kind, field, note, changed, others, otherSteps, makes, logged, warns, refuses);
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> spec() {
    return (Map<String, Object>) object.getOrDefault("spec", Map.of());
  }

  /** All cases of a file: one document each. */
  static List<FieldCase> read(Kind kind, Path file, Map<String, String> values) {
    try {
      String name = file.getFileName().toString();
      String text = Files.readString(file);
      String note =
          text.lines()
              .takeWhile(line -> line.startsWith("#"))
              .map(line -> line.substring(1).strip())
              .collect(Collectors.joining(" "));
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace(value.getKey(), value.getValue());
      }
      List<FieldCase> cases = new ArrayList<>();
      try (MappingIterator<Map<String, Object>> documents =
          YAML.readerFor(new TypeReference<Map<String, Object>>() {}).readValues(text)) {
        while (documents.hasNext()) {
          cases.add(
              of(
                  kind,
                  name.substring(0, name.length() - ".yaml".length()),
                  note,
                  new Words(documents.next())));
        }
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static FieldCase of(Kind kind, String field, String note, Words in) {
    List<Object> beside = new ArrayList<>();
    for (Object other : in.list("beside")) {
      Words words = new Words(other);
      beside.add(object(Kind.of(words.text("kind", "")), words));
      words.done();
    }
    FieldCase made =
        new FieldCase(
            kind,
            field,
            note,
            object(kind, in),
            beside,
            in.list("steps").stream().map(Words::new).toList(),
            in.map("makes"),
            in.texts("logged"),
            in.text("warns", ""),
            in.text("refuses", ""));
    in.done();
    return made;
  }

  private static Map<String, Object> object(Kind kind, Words in) {
    return Map.of(
        "apiVersion",
        kind.apiVersion(),
        "kind",
        kind.kind(),
        "metadata",
        Map.of(
            "name",
            in.text("name", "web"),
            "namespace",
            in.text("namespace", kind == Kind.ISTIO_GATEWAY ? "istio-system" : "shop"),
            "annotations",
            in.map("annotations")),
        "spec",
        in.map("spec"));
  }

  @Override
  public String toString() {
    return field;
  }
}
