package dev.weft.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.MetricRules.Rule;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScrapeRulesTest {
  private static final String LABELS = "a=\"1\",b=\"x\\\"y\"";

  @Test
  void without_a_rule_labels_are_what_they_are() {
    assertThat(ScrapeRules.labels(Rule.NONE, LABELS)).isSameAs(LABELS);
  }

  @Test
  void labels_are_left_out_replaced_and_added() {
    assertThat(ScrapeRules.labels(new Rule(false, Set.of("a"), Map.of()), LABELS))
        .isEqualTo("b=\"x\\\"y\"");
    assertThat(ScrapeRules.labels(new Rule(false, Set.of(), Map.of("a", "2", "c", "3")), LABELS))
        .isEqualTo("b=\"x\\\"y\",a=\"2\",c=\"3\"");
  }
}
