package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.MetricRules.Rule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricRulesTest {
  @SafeVarargs
  private static MetricRules of(Map<String, ?>... metrics) {
    return MetricRules.of(Map.of("metrics", List.of(metrics)));
  }

  @Test
  void without_metrics_nothing_is_done() {
    assertThat(MetricRules.of(Map.of())).isEqualTo(MetricRules.NONE);
    assertThat(MetricRules.NONE.of("requests_total")).isEqualTo(Rule.NONE);
  }

  @Test
  void a_rule_without_a_name_is_for_all_and_adds_to_those_of_one() {
    MetricRules rules =
        of(
            Map.of("tags_to_remove", List.of("response_flags")),
            Map.of("name", "requests_total", "dimensions", Map.of("tier", "'gold'")),
            Map.of("name", "request_bytes", "drop", true));
    assertThat(rules.of("requests_total"))
        .isEqualTo(new Rule(false, Set.of("response_flags"), Map.of("tier", "gold")));
    assertThat(rules.of("request_bytes").drop()).isTrue();
    assertThat(rules.of("response_bytes"))
        .isEqualTo(new Rule(false, Set.of("response_flags"), Map.of()));
  }

  @Test
  void texts_alone_are_values() {
    MetricRules rules =
        of(
            Map.of(
                "name",
                "requests_total",
                "dimensions",
                Map.of(
                    "a", "request.host",
                    "b", "\"x\"",
                    "c", "'x' + 'y'",
                    "d", "'",
                    "e", "'\\n'",
                    "f", "''")));
    assertThat(rules.of("requests_total").fixed()).isEqualTo(Map.of("b", "x", "f", ""));
  }
}
