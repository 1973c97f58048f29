package dev.weft.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.Parsed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ObjectVerdictTest {
  private static final Instant MORNING = Instant.parse("2026-01-01T08:00:00Z");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final ObjectRef ROUTES = new ObjectRef(ConfigKind.VIRTUAL_SERVICE, "shop", "cart");
  private static final Diagnostic NOWHERE =
      Diagnostic.error("IST0101", ROUTES.toString(), "spec", "a route leads nowhere");
  private static final Diagnostic MISSPELT =
      Diagnostic.warning("unknown-field", ROUTES.toString(), "spec.hots", "no such field");

  private static ObjectVerdict verdict(Diagnostic... findings) {
    return new ObjectVerdict(ROUTES, 3, MORNING, List.of(findings), false);
  }

  private static Map<?, ?> condition(Map<String, Object> status) {
    List<?> conditions = (List<?>) Objects.requireNonNull(status.get("conditions"));
    return (Map<?, ?>) conditions.getFirst();
  }

  @Test
  void an_object_without_findings_is_in_force_and_its_column_is_empty() {
    Map<String, Object> status = verdict().tree(null, MORNING);
    assertThat(status)
        .containsEntry("observedGeneration", 3L)
        .doesNotContainKey("validationMessages");
    assertThat(condition(status))
        .isEqualTo(
            Map.of(
                "type", "Reconciled",
                "status", "True",
                "message", "in force",
                "lastTransitionTime", "2026-01-01T08:00:00Z",
                "lastProbeTime", "2026-01-01T08:00:00Z"));
  }

  @Test
  void findings_are_messages_as_istio_writes_them_and_their_codes_are_the_column() {
    Map<String, Object> status = verdict(NOWHERE, MISSPELT).tree(null, MORNING);
    assertThat(status.get("validationMessages"))
        .isEqualTo(
            List.of(
                Map.of(
                    "type",
                    Map.of("code", "IST0101", "name", "ReferencedResourceNotFound"),
                    "level",
                    "ERROR",
                    "documentationUrl",
                    "https://istio.io/latest/docs/reference/config/analysis/ist0101/"),
                Map.of(
                    "type",
                    Map.of("code", "unknown-field", "name", "UnknownField"),
                    "level",
                    "WARNING")));
    assertThat(condition(status).get("status")).isEqualTo("False");
    assertThat(condition(status).get("reason")).isEqualTo("IST0101,unknown-field");
    assertThat(condition(status).get("message"))
        .isEqualTo(
            "[IST0101] spec: a route leads nowhere; [unknown-field] spec.hots: no such field");
  }

  @Test
  void a_warning_leaves_the_object_in_force_and_a_kind_without_effect_never_is() {
    assertThat(condition(verdict(MISSPELT).tree(null, MORNING)).get("status")).isEqualTo("True");
    ObjectRef filter = new ObjectRef(ConfigKind.WASM_PLUGIN, "shop", "outside");
    assertThat(
            condition(new ObjectVerdict(filter, 1, MORNING, List.of(), false).tree(null, MORNING))
                .get("status"))
        .isEqualTo("False");
  }

  @Test
  void a_status_that_says_the_same_need_not_be_written_and_one_of_before_does() {
    Map<String, Object> said = verdict(NOWHERE).tree(null, MORNING);
    assertThat(verdict(NOWHERE).saidBy(said)).isTrue();
    assertThat(verdict().saidBy(said)).isFalse();
    assertThat(verdict(NOWHERE).saidBy(null)).isFalse();
    assertThat(new ObjectVerdict(ROUTES, 4, MORNING, List.of(NOWHERE), false).saidBy(said))
        .isFalse();
  }

  @Test
  void a_condition_keeps_the_time_since_when_it_is_so() {
    Map<String, Object> before = verdict(NOWHERE).tree(null, MORNING);
    assertThat(condition(verdict(NOWHERE, MISSPELT).tree(before, NOON)).get("lastTransitionTime"))
        .isEqualTo("2026-01-01T08:00:00Z");
    assertThat(condition(verdict().tree(before, NOON)).get("lastTransitionTime"))
        .isEqualTo("2026-01-01T12:00:00Z");
  }

  @Test
  void where_an_earlier_version_is_in_force_the_message_says_so() {
    Parsed good =
        ObjectParser.parse(
            ConfigKind.PEER_AUTHENTICATION,
            Map.of("metadata", Map.of("name", "all", "namespace", "shop", "generation", 1)));
    ObjectRef ref = new ObjectRef(ConfigKind.PEER_AUTHENTICATION, "shop", "all");
    ConfigSet config =
        new ConfigSet(
            MeshSettings.defaults(),
            Map.of(),
            Map.of(ref, good.value().orElseThrow()),
            Map.of(),
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(ref, 2L));
    Diagnostic bad = Diagnostic.error("invalid-field", ref.toString(), "spec.mtls.mode", "bad");
    ObjectVerdict verdict =
        Objects.requireNonNull(ObjectVerdict.all(config, List.of(bad)).get(ref));
    assertThat(condition(verdict.tree(null, NOON)).get("message"))
        .isEqualTo(
            "[invalid-field] spec.mtls.mode: bad; what the object was before stays in force");
  }
}
