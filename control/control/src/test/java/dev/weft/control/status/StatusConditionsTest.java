package dev.weft.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusConditionsTest {
  private static final Instant MORNING = Instant.parse("2026-01-01T08:00:00Z");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Map<String, Object> SYNCED = Map.of("phase", "Synced", "message", "");

  @Test
  void a_cluster_that_is_read_but_not_as_wanted_says_both() {
    List<String> refused =
        List.of("configmaps: 403", "deployments: 403", "services: 403", "d", "e");
    List<Map<String, Object>> trees = StatusConditions.of(SYNCED, refused).after(null, MORNING);

    assertThat(trees)
        .extracting(t -> t.get("type") + "=" + t.get("status") + " " + t.get("reason"))
        .containsExactly("Ready=True Synced", "Provisioned=False Refused");
    assertThat(StatusConditions.message("", refused))
        .isEqualTo(
            "not provisioned as wanted: configmaps: 403; deployments: 403; services: 403;"
                + " and 2 more");
    assertThat(StatusConditions.message("stale", List.of())).isEqualTo("stale");
  }

  @Test
  void a_condition_keeps_the_time_since_when_it_is_so() {
    List<Map<String, Object>> before = StatusConditions.of(SYNCED, List.of()).after(null, MORNING);
    assertThat(
            StatusConditions.of(SYNCED, List.of("configmaps: 403"))
                .after(Map.of("conditions", before), NOON))
        .extracting(t -> t.get("type") + " " + t.get("lastTransitionTime"))
        .containsExactly("Ready 2026-01-01T08:00:00Z", "Provisioned 2026-01-01T12:00:00Z");
  }
}
