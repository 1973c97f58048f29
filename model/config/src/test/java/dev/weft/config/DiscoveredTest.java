package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What discovery selectors leave of a mesh. */
class DiscoveredTest {
  private static final ClusterId WEST = new ClusterId("west");
  private static final Map<String, KubeNamespace> NAMESPACES =
      namespaces(
          Map.of(
              "shop", Map.of("env", "prod", "team", "red"),
              "bank", Map.of("env", "test"),
              "istio-system", Map.of()));

  private static Map<String, KubeNamespace> namespaces(Map<String, Map<String, String>> labels) {
    Map<String, KubeNamespace> namespaces = new TreeMap<>();
    labels.forEach((name, of) -> namespaces.put(name, new KubeNamespace(name, of, false)));
    return namespaces;
  }

  private static KubeService service(String namespace) {
    return new KubeService(
        new ServiceId(namespace, "web"),
        Map.of(),
        Map.of(),
        Instant.EPOCH,
        KubeService.Type.CLUSTER_IP,
        List.of("10.96.0.1"),
        false,
        "",
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        false,
        false);
  }

  private static ClusterFacts west(Map<String, KubeNamespace> namespaces) {
    Map<KubeFact.Key, KubeService> services = new TreeMap<>();
    for (String namespace : namespaces.keySet()) {
      KubeService service = service(namespace);
      services.put(service.key(), service);
    }
    return new ClusterFacts(
        WEST, SyncState.SYNCED, "", services, Map.of(), Map.of(), Map.of(), namespaces);
  }

  private static Discovery discovery(List<?> selectors) {
    MeshSettingsParser.Read read =
        MeshSettingsParser.read(
            Map.of("discoverySelectors", selectors), Map.of(), MeshSettings.defaults());
    assertThat(read.diagnostics()).isEmpty();
    return read.settings().discovery();
  }

  private static ConfigSet config(
      List<?> selectors, ClusterFacts west, Map<ObjectRef, ConfigObject> objects) {
    MeshSettings settings =
        MeshSettingsParser.read(
                Map.of("discoverySelectors", selectors), Map.of(), MeshSettings.defaults())
            .settings();
    Map<ObjectRef, Long> generations = new TreeMap<>();
    objects.keySet().forEach(ref -> generations.put(ref, 1L));
    return new ConfigSet(
        settings,
        Map.of(WEST, west),
        objects,
        NAMESPACES,
        List.of(
            Diagnostic.warning("w", "Gateway shop/g", "spec", "seen"),
            Diagnostic.warning("w", "Gateway bank/g", "spec", "not seen"),
            Diagnostic.warning("w", "ConfigMap istio-system/istio", "mesh", "seen")),
        Map.of(),
        Map.of(),
        generations);
  }

  private static List<String> seen(ConfigSet config) {
    return Objects.requireNonNull(config.clusters().get(WEST)).services().keySet().stream()
        .map(KubeFact.Key::namespace)
        .toList();
  }

  private record Case(List<?> selectors, List<String> selected) {}

  private static Map<String, Object> expression(String key, String operator, String... values) {
    return Map.of(
        "matchExpressions",
        List.of(Map.of("key", key, "operator", operator, "values", List.of(values))));
  }

  static Stream<Case> cases() {
    List<String> all = List.of("bank", "istio-system", "shop");
    return Stream.of(
        new Case(List.of(), all),
        new Case(List.of(Map.of()), all),
        new Case(List.of(Map.of("matchLabels", Map.of("env", "prod"))), List.of("shop")),
        new Case(List.of(Map.of("matchLabels", Map.of("env", "prod", "team", "blue"))), List.of()),
        new Case(
            List.of(
                Map.of("matchLabels", Map.of("team", "red")),
                Map.of("matchLabels", Map.of("env", "test"))),
            List.of("bank", "shop")),
        new Case(List.of(expression("env", "In", "prod", "test")), List.of("bank", "shop")),
        new Case(List.of(expression("env", "NotIn", "prod")), List.of("bank", "istio-system")),
        new Case(List.of(expression("team", "Exists")), List.of("shop")),
        new Case(List.of(expression("env", "DoesNotExist")), List.of("istio-system")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void any_of_the_selectors_has_to_match(Case c) {
    Discovery discovery = discovery(c.selectors());
    assertThat(NAMESPACES.values().stream().filter(discovery::selects).map(KubeNamespace::name))
        .containsExactlyElementsOf(c.selected());
    assertThat(seen(Discovered.of(config(c.selectors(), west(NAMESPACES), Map.of())).seen()))
        .isEqualTo(c.selected());
  }

  @Test
  void a_selector_with_a_mistake_is_reported_and_all_namespaces_are_looked_at() {
    MeshSettingsParser.Read read =
        MeshSettingsParser.read(
            Map.of(
                "discoverySelectors",
                List.of(
                    Map.of("matchLabels", Map.of("env", "prod")), expression("env", "Like", "p"))),
            Map.of(),
            MeshSettings.defaults());
    assertThat(read.settings().discovery()).isEqualTo(Discovery.EVERYTHING);
    assertThat(read.diagnostics())
        .singleElement()
        .satisfies(
            d ->
                assertThat(d.path())
                    .isEqualTo("mesh.discoverySelectors[1].matchExpressions[0].operator"));
  }

  private static ConfigObject gateway(String namespace) {
    return ObjectParser.parse(
            ConfigKind.GATEWAY,
            Map.of(
                "metadata",
                Map.of("name", "g", "namespace", namespace),
                "spec",
                Map.of(
                    "selector",
                    Map.of("istio", "ingressgateway"),
                    "servers",
                    List.of(
                        Map.of(
                            "port",
                            Map.of("number", 80, "name", "http", "protocol", "HTTP"),
                            "hosts",
                            List.of("*"))))))
        .value()
        .orElseThrow();
  }

  @Test
  void objects_of_other_namespaces_are_as_if_not_there_and_those_of_the_mesh_itself_stay() {
    Map<ObjectRef, ConfigObject> objects = new TreeMap<>();
    for (ConfigObject object :
        List.of(
            gateway("shop"),
            gateway("bank"),
            gateway("istio-system"),
            new MemberClusterSpec(
                ObjectMeta.of(ConfigKind.MEMBER_CLUSTER, "", "west"),
                new NetworkId("n1"),
                false,
                null,
                false))) {
      objects.put(object.ref(), object);
    }
    ConfigSet seen =
        Discovered.of(
                config(
                    List.of(Map.of("matchLabels", Map.of("env", "prod"))),
                    west(NAMESPACES),
                    objects))
            .seen();
    assertThat(seen.objects().keySet().stream().map(ObjectRef::namespace))
        .containsExactlyInAnyOrder("shop", "");
    assertThat(seen.generations().keySet()).isEqualTo(seen.objects().keySet());
    assertThat(seen.diagnostics()).extracting(Diagnostic::message).containsOnly("seen");
    assertThat(seen.namespaces()).isEqualTo(NAMESPACES);
  }

  @Test
  void what_did_not_change_keeps_its_identity_and_a_namespace_comes_and_goes_by_its_labels() {
    List<?> selectors = List.of(Map.of("matchLabels", Map.of("env", "prod")));
    ClusterFacts facts = west(NAMESPACES);
    Discovered first = Discovered.of(config(selectors, facts, Map.of()));
    Discovered again = Discovered.of(config(selectors, facts, Map.of()), first);
    assertThat(again.seen().clusters().get(WEST)).isSameAs(first.seen().clusters().get(WEST));

    Map<String, KubeNamespace> moved =
        namespaces(
            Map.of("shop", Map.of(), "bank", Map.of("env", "prod"), "istio-system", Map.of()));
    Discovered other = Discovered.of(config(selectors, west(moved), Map.of()), again);
    assertThat(seen(other.seen())).containsExactly("bank");
    assertThat(other.seen()).isEqualTo(Discovered.of(other.all()).seen());
    Discovered all = Discovered.of(config(List.of(), west(moved), Map.of()), other);
    assertThat(all.seen()).isSameAs(all.all());
  }
}
