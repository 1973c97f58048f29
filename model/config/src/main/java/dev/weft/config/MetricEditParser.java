package dev.weft.config;

import dev.weft.config.Telemetry.Metric;
import dev.weft.config.Telemetry.MetricEdit;
import dev.weft.config.Telemetry.Mode;
import dev.weft.config.Telemetry.Tag;
import dev.weft.types.CelText;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code metrics} of a Telemetry. */
final class MetricEditParser {
  private static final String PROMETHEUS = "prometheus";
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private MetricEditParser() {}

  private record Match(Mode mode, Set<Metric> metrics) {}

  private enum Operation {
    UPSERT,
    REMOVE
  }

  static List<MetricEdit> read(TreeReader spec) {
    return spec.objects("metrics", MetricEditParser::metrics).stream()
        .flatMap(List::stream)
        .toList();
  }

  private static List<MetricEdit> metrics(TreeReader r) {
    List<String> providers =
        r.objects(
            "providers",
            p -> {
              String name = p.string("name");
              if (!name.equalsIgnoreCase(PROMETHEUS)) {
                p.warning(
                    "unsupported-field",
                    "name",
                    "metrics are there for Prometheus alone, so nothing comes of this entry: write "
                        + PROMETHEUS
                        + ", or take the providers away");
              }
              return name;
            });
    r.unsupported("reportingInterval", Shape.TEXT, "metrics are what they are when they are read");
    List<MetricEdit> edits = r.objects("overrides", MetricEditParser::override);
    return providers.isEmpty() || providers.stream().anyMatch(PROMETHEUS::equalsIgnoreCase)
        ? edits
        : List.of();
  }

  private static @Nullable MetricEdit override(TreeReader r) {
    Match match = r.object("match", MetricEditParser::match);
    Boolean disabled = r.optionalBool("disabled");
    Map<String, Tag> tags = new LinkedHashMap<>();
    r.entries(
        "tagOverrides",
        (name, t) -> {
          Tag tag = tag(t);
          if (!LABEL.matcher(name).matches()) {
            r.error("tagOverrides." + name, "'" + name + "' cannot be the name of a label");
          } else if (tag != null) {
            tags.put(name, tag);
          }
        });
    Match all = match == null ? new Match(Mode.CLIENT_AND_SERVER, every()) : match;
    return all.metrics().isEmpty()
        ? null
        : new MetricEdit(all.mode(), all.metrics(), disabled, tags);
  }

  private static Set<Metric> every() {
    return EnumSet.allOf(Metric.class);
  }

  private static Match match(TreeReader r) {
    Mode mode = r.constant("mode", Mode.class);
    Metric metric = r.constant("metric", Metric.class, "ALL_METRICS");
    boolean custom = r.has("customMetric");
    r.unsupported("customMetric", Shape.TEXT, "there are no metrics but Istio's");
    if (custom && metric != null) {
      r.error("customMetric", "metric and customMetric exclude each other: keep one");
    }
    return new Match(
        mode == null ? Mode.CLIENT_AND_SERVER : mode,
        custom ? Set.of() : metric == null ? every() : Set.of(metric));
  }

  private static @Nullable Tag tag(TreeReader r) {
    Operation operation = r.constant("operation", Operation.class);
    String value = r.string("value");
    if (operation == Operation.REMOVE) {
      if (!value.isEmpty()) {
        r.error("value", "a label that is removed has no value: take it away");
      }
      return new Tag.Removed();
    }
    if (value.isEmpty()) {
      r.error("value", "a value is needed; REMOVE takes a label away");
      return null;
    }
    Optional<String> constant = CelText.read(value);
    if (constant.isEmpty()) {
      r.warning(
          "unsupported-field",
          "value",
          "this is not supported, so the label stays as it is: only texts are, such as \"'gold'\"");
      return null;
    }
    return new Tag.Fixed(constant.get());
  }
}
