package dev.weft.control.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigKind;
import dev.weft.config.Diagnostic;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.Parsed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigStoreTest {
  private static final ObjectRef REF = new ObjectRef(ConfigKind.VIRTUAL_SERVICE, "shop", "cart");

  private final ConfigStore store = new ConfigStore(MeshSettings.defaults());

  private static ConfigEvent stored(int generation, Object status) {
    Parsed parsed =
        ObjectParser.parse(
            ConfigKind.VIRTUAL_SERVICE,
            Map.of(
                "metadata",
                Map.of(
                    "name",
                    "cart",
                    "namespace",
                    "shop",
                    "generation",
                    generation,
                    "resourceVersion",
                    String.valueOf(System.nanoTime())),
                "spec",
                Map.of(
                    "hosts",
                    List.of("cart"),
                    "http",
                    List.of(
                        Map.of("route", List.of(Map.of("destination", Map.of("host", "cart")))))),
                "status",
                status));
    return new ConfigEvent.ObjectStored(parsed.value().orElseThrow(), parsed.diagnostics());
  }

  private static ConfigEvent refused(long generation) {
    return new ConfigEvent.ObjectRefused(
        REF, generation, List.of(Diagnostic.error("invalid-field", REF.toString(), "spec", "bad")));
  }

  @Test
  void a_status_that_is_written_is_no_change_so_that_nothing_is_built_or_pushed() {
    assertThat(store.apply(stored(1, Map.of()))).isTrue();
    assertThat(store.apply(stored(1, Map.of("observedGeneration", 1)))).isFalse();
    assertThat(store.apply(stored(2, Map.of("observedGeneration", 1)))).isTrue();
  }

  @Test
  void an_object_that_stays_refused_is_a_change_only_in_a_new_version() {
    assertThat(store.apply(refused(1))).isTrue();
    assertThat(store.apply(refused(1))).isFalse();
    assertThat(store.apply(refused(2))).isTrue();
    assertThat(store.toSet().generations()).containsExactly(Map.entry(REF, 2L));
    assertThat(store.apply(new ConfigEvent.ObjectRemoved(REF))).isTrue();
    assertThat(store.toSet().generations()).isEmpty();
  }
}
