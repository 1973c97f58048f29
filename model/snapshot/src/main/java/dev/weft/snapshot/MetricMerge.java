package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.Telemetry;
import dev.weft.config.Telemetry.Metric;
import dev.weft.config.Telemetry.MetricEdit;
import dev.weft.config.Telemetry.Side;
import dev.weft.config.Telemetry.Tag;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What becomes of the metrics of a proxy: edits are applied one after the other, those of narrower
 * scopes last. Istio: pilot/pkg/model/telemetry.go mergeMetrics. Unlike there, a metric stays
 * turned off until it is turned on itself, where all were turned off together.
 */
public final class MetricMerge {
  private MetricMerge() {}

  /**
   * One metric that is not as it would be.
   *
   * @param tags in the order of their names
   */
  public record Edited(Metric metric, boolean dropped, Map<String, Tag> tags) {
    public Edited {
      tags = Copies.map(tags);
    }
  }

  /**
   * The metrics of one side that are edited, in the order of their names in a scrape.
   *
   * @param holding the Telemetry objects that hold for the proxy, the widest scope first
   */
  public static List<Edited> metrics(List<Telemetry> holding, Side side) {
    Map<Metric, Boolean> dropped = new EnumMap<>(Metric.class);
    Map<Metric, Map<String, Tag>> tags = new EnumMap<>(Metric.class);
    for (Telemetry telemetry : holding) {
      for (MetricEdit edit : telemetry.metrics()) {
        if (!edit.mode().includes(side)) {
          continue;
        }
        for (Metric metric : edit.metrics()) {
          Boolean disabled = edit.disabled();
          if (disabled != null) {
            dropped.put(metric, disabled);
          }
          tags.computeIfAbsent(metric, m -> new TreeMap<>()).putAll(edit.tags());
        }
      }
    }
    List<Edited> edited = new ArrayList<>();
    Map<String, Metric> byName = new TreeMap<>();
    for (Metric metric : Metric.values()) {
      byName.put(metric.series(), metric);
    }
    for (Metric metric : byName.values()) {
      boolean drop = dropped.getOrDefault(metric, false);
      Map<String, Tag> changes = drop ? Map.of() : tags.getOrDefault(metric, Map.of());
      if (drop || !changes.isEmpty()) {
        edited.add(new Edited(metric, drop, changes));
      }
    }
    return edited;
  }
}
