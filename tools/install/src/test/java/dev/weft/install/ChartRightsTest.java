package dev.weft.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The charts give what {@code docs/roles} says, which is what the code needs: a test beside the
 * code compares those two, and tries that none of it can be left out.
 */
class ChartRightsTest {
  private static final Path ROLES = Path.of("../../docs/roles");

  /** What Istio's reader has beyond that: a control plane of Istio may use the same account. */
  private static final Set<String> OF_ISTIO =
      Set.of(
          "get services",
          "get pods",
          "get nodes",
          "get namespaces",
          "get endpoints",
          "list endpoints",
          "watch endpoints",
          "get endpointslices.discovery.k8s.io");

  private final YAMLMapper yaml = new YAMLMapper();
  private final Installation installation = Installation.of(Path.of("../../install/charts"));

  @Test
  void the_reader_may_do_what_discovery_needs_and_what_istios_may() throws Exception {
    List<JsonNode> objects = rendered("profile=minimal");
    assertThat(rights(objects, "ClusterRole", "istio-reader-clusterrole-istio-system"))
        .isEqualTo(union(documented("reader.yaml", "ClusterRole"), OF_ISTIO));
    assertThat(objects).noneMatch(o -> name(o).equals("istio-reader-provision"));
  }

  @Test
  void the_account_of_a_cluster_that_is_looked_after_may_do_what_a_member_of_a_hosted_mesh_needs()
      throws Exception {
    List<JsonNode> objects = rendered("profile=remote");
    assertThat(rights(objects, "ClusterRole", "istio-reader-clusterrole-istio-system"))
        .isEqualTo(union(documented("hosted-member.yaml", "ClusterRole"), OF_ISTIO));
    assertThat(rights(objects, "Role", "istio-reader-provision"))
        .isEqualTo(documented("hosted-member.yaml", "Role"));
  }

  @Test
  void a_control_plane_may_write_the_status_of_everything_that_people_configure() throws Exception {
    Set<String> rights =
        rights(rendered("profile=minimal"), "ClusterRole", "istiod-clusterrole-istio-system");
    for (String group :
        List.of(
            "networking.istio.io",
            "security.istio.io",
            "telemetry.istio.io",
            "extensions.istio.io")) {
      assertThat(rights).contains("patch */status." + group, "watch *." + group);
    }
    // A resource of * is every sub-resource too.
    assertThat(rights).contains("patch *.mesh.weft.dev", "patch *.istio.alibabacloud.com");
  }

  @Test
  void people_may_do_in_the_console_what_is_written_down() throws Exception {
    List<JsonNode> objects = rendered("profile=minimal");
    for (String role : List.of("reader", "admin")) {
      assertThat(rights(objects, "ClusterRole", "weft-console-" + role + "-istio-system"))
          .isEqualTo(documented("console-" + role + ".yaml", "ClusterRole"));
    }
  }

  private List<JsonNode> rendered(String... settings) throws Exception {
    IstioOperator wanted = installation.read(List.of(), List.of(settings)).operator();
    return documents(installation.manifest(wanted));
  }

  private Set<String> documented(String file, String kind) throws IOException {
    return documents(Files.readString(ROLES.resolve(file))).stream()
        .filter(o -> o.path("kind").asText().equals(kind))
        .flatMap(o -> expanded(o).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<JsonNode> documents(String text) throws IOException {
    try (var all = yaml.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      return all.readAll();
    }
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  private static Set<String> rights(List<JsonNode> objects, String kind, String name) {
    List<JsonNode> found =
        objects.stream()
            .filter(o -> o.path("kind").asText().equals(kind) && name(o).equals(name))
            .toList();
    assertThat(found).as("%s %s", kind, name).hasSize(1);
    return expanded(found.getFirst());
  }

  /** {@code verb resource.group}, one for each. */
  private static Set<String> expanded(JsonNode role) {
    Set<String> rights = new TreeSet<>();
    for (JsonNode rule : role.path("rules")) {
      for (JsonNode group : rule.path("apiGroups")) {
        for (JsonNode resource : rule.path("resources")) {
          for (JsonNode verb : rule.path("verbs")) {
            rights.add(
                verb.asText()
                    + " "
                    + resource.asText()
                    + (group.asText().isEmpty() ? "" : "." + group.asText()));
          }
        }
      }
    }
    return rights;
  }

  private static Set<String> union(Set<String> some, Set<String> more) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(more);
    return all;
  }
}
