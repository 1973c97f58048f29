package dev.weft.proxy.stats;

import java.util.Map;

/** Prometheus' text format, version 0.0.4. Confined to one scrape. */
public final class Exposition {
  private final StringBuilder out = new StringBuilder(4096);

  /** A counter without labels. */
  public Exposition counter(String name, long value) {
    type(name, "counter");
    out.append(name).append(' ').append(value).append('\n');
    return this;
  }

  /** A gauge without labels. */
  public Exposition gauge(String name, double value) {
    type(name, "gauge");
    out.append(name).append(' ').append(number(value)).append('\n');
    return this;
  }

  /** A counter by label sets, which are written as they are. */
  public Exposition counters(String name, Map<String, ? extends Number> byLabels) {
    return series(name, "counter", byLabels);
  }

  /** A gauge by label sets, which are written as they are. */
  public Exposition gauges(String name, Map<String, ? extends Number> byLabels) {
    return series(name, "gauge", byLabels);
  }

  private Exposition series(String name, String type, Map<String, ? extends Number> byLabels) {
    if (!byLabels.isEmpty()) {
      type(name, type);
      byLabels.forEach(
          (labels, value) ->
              out.append(name).append('{').append(labels).append("} ").append(value).append('\n'));
    }
    return this;
  }

  void histograms(String name, Map<String, Histogram.Total> byLabels) {
    if (byLabels.isEmpty()) {
      return;
    }
    type(name, "histogram");
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

  private void type(String name, String type) {
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
