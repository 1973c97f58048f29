package dev.weft.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrdUpkeepTest {
  private static Map<String, Object> definition(String version, Map<String, ?> specFields) {
    return Map.of(
        "metadata",
        Map.of("name", "virtualservices.networking.istio.io"),
        "spec",
        Map.of(
            "versions",
            List.of(
                Map.of(
                    "name",
                    version,
                    "served",
                    true,
                    "schema",
                    Map.of(
                        "openAPIV3Schema",
                        Map.of("properties", Map.of("spec", Map.of("properties", specFields))))))));
  }

  private static Map<String, Object> stored(Map<String, Object> definition) {
    Map<String, Object> stored = new LinkedHashMap<>(definition);
    Map<String, Object> metadata = new LinkedHashMap<>();
    if (definition.get("metadata") instanceof Map<?, ?> fields) {
      fields.forEach((k, v) -> metadata.put(String.valueOf(k), v));
    }
    metadata.put("resourceVersion", "7");
    stored.put("metadata", metadata);
    return stored;
  }

  @Test
  void a_definition_of_this_build_is_not_written_again() {
    Map<String, Object> wanted = definition("v1", Map.of("hosts", Map.of()));
    assertThat(CrdUpkeep.decide(stored(CrdUpkeep.marked(wanted)), wanted, "v1"))
        .isEqualTo(new CrdUpkeep.Decision.Keep());
  }

  @Test
  void the_mark_does_not_depend_on_the_order_of_maps() {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("a", 1);
    one.put("b", Map.of("c", 2));
    Map<String, Object> other = new LinkedHashMap<>();
    other.put("b", Map.of("c", 2));
    other.put("a", 1);
    assertThat(CrdUpkeep.mark(Map.of("spec", one)))
        .isEqualTo(CrdUpkeep.mark(Map.of("spec", other)));
  }

  @Test
  void a_definition_of_another_build_of_ours_becomes_this_ones() {
    Map<String, Object> wanted = definition("v1", Map.of("hosts", Map.of(), "http", Map.of()));
    Map<String, Object> before = CrdUpkeep.marked(definition("v1", Map.of("hosts", Map.of())));
    assertThat(CrdUpkeep.decide(stored(before), wanted, "v1"))
        .isInstanceOfSatisfying(
            CrdUpkeep.Decision.Update.class,
            u -> {
              assertThat(String.valueOf(u.definition().get("metadata")))
                  .contains("resourceVersion=7");
              assertThat(CrdUpkeep.decide(u.definition(), wanted, "v1"))
                  .isEqualTo(new CrdUpkeep.Decision.Keep());
            });
  }

  @Test
  void somebody_elses_definition_is_left_and_what_it_lacks_is_named() {
    Map<String, Object> wanted =
        definition(
            "v1",
            Map.of("hosts", Map.of(), "http", Map.of("properties", Map.of("mirror", Map.of()))));
    assertThat(
            CrdUpkeep.decide(
                stored(definition("v1", Map.of("http", Map.of("properties", Map.of())))),
                wanted,
                "v1"))
        .isInstanceOfSatisfying(
            CrdUpkeep.Decision.Leave.class,
            l -> assertThat(l.lacks()).containsExactlyInAnyOrder("spec.hosts", "spec.http.mirror"));
    assertThat(
            CrdUpkeep.decide(
                stored(
                    definition(
                        "v1",
                        Map.of(
                            "hosts",
                            Map.of(),
                            "http",
                            Map.of("x-kubernetes-preserve-unknown-fields", true)))),
                wanted,
                "v1"))
        .isEqualTo(new CrdUpkeep.Decision.Leave(List.of()));
    assertThat(CrdUpkeep.decide(stored(definition("v1beta1", Map.of())), wanted, "v1"))
        .isEqualTo(new CrdUpkeep.Decision.Leave(List.of("version v1")));
  }
}
