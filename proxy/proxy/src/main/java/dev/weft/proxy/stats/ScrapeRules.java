package dev.weft.proxy.stats;

import dev.weft.runtime.HttpFilter;
import dev.weft.runtime.HttpPipeline;
import dev.weft.runtime.Listener;
import dev.weft.runtime.MetricRules;
import dev.weft.runtime.Pipeline;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.runtime.TcpPipeline;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How Istio's metrics are read, by the direction of traffic. All listeners of a direction are told
 * the same; where they are not, the first one by its name counts. What is counted does not depend
 * on it, so that requests cost the same, and the control plane's picture is whole.
 */
record ScrapeRules(MetricRules inbound, MetricRules outbound) {
  static final ScrapeRules NONE = new ScrapeRules(MetricRules.NONE, MetricRules.NONE);

  static ScrapeRules of(RuntimeConfig config) {
    return new ScrapeRules(of(config, true), of(config, false));
  }

  private static MetricRules of(RuntimeConfig config, boolean inbound) {
    return new TreeMap<>(config.listeners())
        .values().stream()
            .filter(l -> (l.direction() == Listener.Direction.INBOUND) == inbound)
            .flatMap(Listener::allChains)
            .flatMap(chain -> rules(chain.pipeline()).stream())
            .filter(rules -> !rules.equals(MetricRules.NONE))
            .findFirst()
            .orElse(MetricRules.NONE);
  }

  private static Optional<MetricRules> rules(Pipeline pipeline) {
    return switch (pipeline) {
      case HttpPipeline http ->
          http.filters().stream()
              .filter(HttpFilter.IstioStats.class::isInstance)
              .map(filter -> ((HttpFilter.IstioStats) filter).rules())
              .findFirst();
      case TcpPipeline tcp -> Optional.of(tcp.metrics());
    };
  }

  MetricRules of(TrafficLabels.Key key) {
    return key.inbound() ? inbound : outbound;
  }

  /** Labels as a rule leaves them. */
  static String labels(MetricRules.Rule rule, String labels) {
    if (rule.removed().isEmpty() && rule.fixed().isEmpty()) {
      return labels;
    }
    Labels edited = new Labels();
    Labels.each(
        labels,
        (name, value) -> {
          if (!rule.removed().contains(name) && !rule.fixed().containsKey(name)) {
            edited.add(name, value);
          }
        });
    new TreeMap<>(rule.fixed()).forEach(edited::add);
    return edited.toString();
  }
}
