package dev.weft.control.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNode;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectParser;
import dev.weft.config.ObjectRef;
import dev.weft.config.Parsed;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigStoreTest {
  private static final ObjectRef REF = new ObjectRef(ConfigKind.VIRTUAL_SERVICE, "shop", "cart");

  private static final ClusterId WEST = new ClusterId("west");

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

  private static KubeNode node(String name, String zone) {
    return new KubeNode(name, Map.of(), List.of(), Locality.parse("region/" + zone));
  }

  private ClusterFacts west() {
    return Objects.requireNonNull(store.toSet().clusters().get(WEST));
  }

  @Test
  void what_a_list_tells_again_keeps_its_identity() {
    store.apply(
        new ConfigEvent.FactsListed(
            WEST, KubeFact.Kind.NODE, List.of(node("a", "x"), node("b", "x"), node("c", "x"))));
    store.apply(stored(1, Map.of()));
    ConfigSet before = store.toSet();
    ClusterFacts facts = west();
    assertThat(
            store.apply(
                new ConfigEvent.FactsListed(
                    WEST, KubeFact.Kind.NODE, List.of(node("a", "x"), node("b", "y")))))
        .isTrue();
    assertThat(west().nodes()).containsOnlyKeys("a", "b");
    assertThat(west().nodes().get("a")).isSameAs(facts.nodes().get("a"));
    assertThat(west().pods()).isSameAs(facts.pods());
    assertThat(store.toSet().objects()).isSameAs(before.objects());
    assertThat(store.toSet().diagnostics()).isSameAs(before.diagnostics());
  }

  @Test
  void the_same_list_again_is_no_change_at_all() {
    List<KubeFact> nodes = List.of(node("a", "x"), node("b", "x"));
    ConfigEvent listed = new ConfigEvent.FactsListed(WEST, KubeFact.Kind.NODE, nodes);
    store.apply(listed);
    ClusterFacts facts = west();
    assertThat(store.apply(listed)).isFalse();
    assertThat(west()).isSameAs(facts);
  }
}
