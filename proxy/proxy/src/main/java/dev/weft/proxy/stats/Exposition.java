package dev.weft.proxy.stats;

import java.util.Map;

/**
 * Prometheus' text format, version 0.0.4. Texts of help are plain: without backslashes and line
 * feeds. Confined to one scrape.
 */
public final class Exposition {
  private final StringBuilder out = new StringBuilder(4096);

  /** A counter without labels. */
  public Exposition counter(String name, String help, double value) {
    return single(name, help, "counter", value);
  }

  /** A gauge without labels. */
  public Exposition gauge(String name, String help, double value) {
    return single(name, help, "gauge", value);
  }

  /** A counter by label sets, which are written as they are. */
  public Exposition counters(String name, String help, Map<String, ? extends Number> byLabels) {
    return series(name, help, "counter", byLabels);
  }

  /** A gauge by label sets, which are written as they are. */
  public Exposition gauges(String name, String help, Map<String, ? extends Number> byLabels) {
    return series(name, help, "gauge", byLabels);
  }

  private Exposition single(String name, String help, String type, double value) {
    family(name, help, type);
    out.append(name).append(' ').append(number(value)).append('\n');
    return this;
  }

  private Exposition series(
      String name, String help, String type, Map<String, ? extends Number> byLabels) {
    if (!byLabels.isEmpty()) {
      family(name, help, type);
      byLabels.forEach(
          (labels, value) ->
              out.append(name).append('{').append(labels).append("} ").append(value).append('\n'));
    }
    return this;
  }

  void histograms(String name, String help, Map<String, Histogram.Total> byLabels) {
    if (byLabels.isEmpty()) {
      return;
    }
    family(name, help, "histogram");
    byLabels.forEach(
        (labels, total) -> {
          long count = 0;
          for (int i = 0; i < Histogram.BOUNDS.length; i++) {
            count += total.counts[i];
            bucket(name, labels, number(Histogram.BOUNDS[i]), count);
          }
          count += total.counts[Histogram.BOUNDS.length];
          bucket(name, labels, "+Inf", count);
          out.append(name).append("_sum{").append(labels).append("} ").append(total.sum);
          out.append('\n').append(name).append("_count{").append(labels).append("} ");
          out.append(count).append('\n');
        });
  }

  private void bucket(String name, String labels, String bound, long count) {
    out.append(name).append("_bucket{").append(labels).append(",le=\"").append(bound);
    out.append("\"} ").append(count).append('\n');
  }

  private void family(String name, String help, String type) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
