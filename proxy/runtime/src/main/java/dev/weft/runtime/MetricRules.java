package dev.weft.runtime;

import dev.weft.types.CelText;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of Istio's metrics in a scrape.
 *
 * @param byMetric by their names behind {@code istio_}; the empty name is for all
 */
public record MetricRules(Map<String, Rule> byMetric) {
  /** Metrics as they are. */
  public static final MetricRules NONE = new MetricRules(Map.of());

  public MetricRules {
    byMetric = Map.copyOf(byMetric);
  }

  /**
   * Of one metric.
   *
   * @param drop whether it is left out
   * @param removed labels that are left out
   * @param fixed labels that have one value, by their names
   */
  public record Rule(boolean drop, Set<String> removed, Map<String, String> fixed) {
    /** As it is. */
    public static final Rule NONE = new Rule(false, Set.of(), Map.of());

    public Rule {
      removed = Set.copyOf(removed);
      fixed = Map.copyOf(fixed);
    }

    private Rule and(Rule other) {
      Set<String> less = new LinkedHashSet<>(removed);
      less.addAll(other.removed);
      Map<String, String> more = new LinkedHashMap<>(fixed);
      more.putAll(other.fixed);
      return new Rule(drop || other.drop, less, more);
    }
  }

  /** Of a metric by its name behind {@code istio_}. */
  public Rule of(String metric) {
    Rule all = byMetric.getOrDefault("", Rule.NONE);
    Rule own = byMetric.get(metric);
    return own == null ? all : all.and(own);
  }

  /**
   * Reads {@code metrics} of Istio's {@code stats.PluginConfig}; expressions that are no texts have
   * no effect.
   */
  static MetricRules of(Map<String, @Nullable Object> config) {
    Map<String, Rule> rules = new LinkedHashMap<>();
    if (config.get("metrics") instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> metric) {
          Object name = metric.get("name");
          rules.merge(name == null ? "" : name.toString(), rule(metric), Rule::and);
        }
      }
    }
    return rules.isEmpty() ? NONE : new MetricRules(rules);
  }

  private static Rule rule(Map<?, ?> metric) {
    Set<String> removed = new LinkedHashSet<>();
    if (metric.get("tags_to_remove") instanceof List<?> tags) {
      tags.forEach(tag -> removed.add(String.valueOf(tag)));
    }
    Map<String, String> fixed = new LinkedHashMap<>();
    if (metric.get("dimensions") instanceof Map<?, ?> dimensions) {
      dimensions.forEach(
          (name, value) -> {
            CelText.read(String.valueOf(value))
                .ifPresent(text -> fixed.put(String.valueOf(name), text));
          });
    }
    return new Rule(Boolean.TRUE.equals(metric.get("drop")), removed, fixed);
  }
}
