package dev.weft.proxy.admin;

import dev.weft.proxy.admin.LocalHttp.Answer;
import dev.weft.proxy.admin.LocalHttp.Call;
import dev.weft.types.Json;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * {@code /stats}: the metrics by Envoy's own names, {@code cluster.NAME.upstream_cx_total: 7}, as
 * text or JSON. {@code filter} is a regular expression that must be found in the name, {@code
 * usedonly} leaves out what is zero, {@code format=prometheus} gives Prometheus' text.
 */
final class StatsPage {
  private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** The parts of a server that Envoy's names begin with. */
  private static final List<String> SCOPES =
      List.of("server", "listener_manager", "cluster_manager", "control_plane");

  private StatsPage() {}

  /**
   * Answers a call.
   *
   * @param exposition all metrics as Prometheus' text
   */
  static Answer answer(Call call, String exposition) {
    String format = call.query().getOrDefault("format", "");
    if (call.path().equals("/stats/prometheus") || format.equals("prometheus")) {
      return Answer.text(exposition);
    }
    Pattern filter;
    try {
      String wanted = call.query().getOrDefault("filter", "");
      filter = Pattern.compile(URLDecoder.decode(wanted, StandardCharsets.UTF_8));
    } catch (PatternSyntaxException e) {
      return Answer.of(400, "filter is not a regular expression: " + e.getDescription() + "\n");
    } catch (IllegalArgumentException e) {
      return Answer.of(400, "filter is not URL-encoded: " + e.getMessage() + "\n");
    }
    Map<String, String> stats = stats(exposition);
    stats.keySet().removeIf(name -> !filter.matcher(name).find());
    if (call.query().containsKey("usedonly")) {
      stats.values().removeIf(value -> value.equals("0"));
    }
    return switch (format) {
      case "", "text" -> Answer.text(text(stats));
      case "json" -> Answer.json(json(stats));
      default -> Answer.of(400, "format '" + format + "' is none of text, json, prometheus\n");
    };
  }

  private static String text(Map<String, String> stats) {
    StringBuilder out = new StringBuilder(stats.size() * 64);
    stats.forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    return out.toString();
  }

  private static String json(Map<String, String> stats) {
    List<Object> out = new ArrayList<>(stats.size());
    stats.forEach(
        (name, value) -> out.add(Map.of("name", name, "value", new BigDecimal(value).longValue())));
    return Json.write(Map.of("stats", out));
  }

  private static Map<String, String> stats(String exposition) {
    Map<String, String> stats = new TreeMap<>();
    exposition
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              Matcher sample = SAMPLE.matcher(line);
              // Envoy's text has quantiles in place of buckets; sum and count say the same here.
              if (sample.matches() && !sample.group(1).endsWith("_bucket")) {
                stats.put(name(sample.group(1), labels(sample.group(2))), sample.group(3));
              }
            });
    return stats;
  }

  private static Map<String, String> labels(@Nullable String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    Matcher label = LABEL.matcher(text == null ? "" : text);
    while (label.find()) {
      labels.put(label.group(1), label.group(2).replaceAll("\\\\(.)", "$1"));
    }
    return labels;
  }

  private static String name(String metric, Map<String, String> labels) {
    String cluster = labels.get("cluster_name");
    if (cluster != null && metric.startsWith("envoy_cluster_")) {
      String rest = metric.substring("envoy_cluster_".length());
      return "cluster."
          + cluster
          + "."
          + rest.replaceFirst("^outlier_detection_", "outlier_detection.");
    }
    for (String scope : SCOPES) {
      if (metric.startsWith("envoy_" + scope + "_")) {
        return scope + "." + metric.substring("envoy_".length() + scope.length() + 1);
      }
    }
    StringBuilder name = new StringBuilder();
    boolean traffic = metric.startsWith("istio_") && !metric.startsWith("istio_agent_");
    name.append(traffic ? "istiocustom." : "").append(metric);
    labels.forEach((key, value) -> name.append('.').append(key).append('.').append(value));
    return name.toString();
  }
}
