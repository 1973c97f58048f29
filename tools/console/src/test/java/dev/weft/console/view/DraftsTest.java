package dev.weft.console.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.console.api.Finding;
import dev.weft.topology.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written is judged before it is there. */
class DraftsTest {
  private final Moment moment = Bookstore.moment();

  @Test
  void a_subset_that_selects_nothing_is_found_on_its_line() {
    List<Finding> findings =
        Drafts.check(
            moment,
            """
            apiVersion: networking.istio.io/v1beta1
            kind: DestinationRule
            metadata:
              name: another
              namespace: demo
            spec:
              host: reviews
              subsets:
                - name: distro
                  labels: {cluster: distro}
            """);
    assertThat(findings)
        .anySatisfy(
            f -> {
              assertThat(f.code()).isEqualTo("IST0173");
              assertThat(f.severity()).isEqualTo(Severity.ERROR);
              assertThat(f.line()).isBetween(8, 10);
              assertThat(f.message()).contains("distro");
            });
  }

  @Test
  void an_object_that_is_mended_has_no_findings_any_more() {
    List<Finding> findings =
        Drafts.check(
            moment,
            """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews, namespace: demo}
            spec:
              host: reviews
              subsets:
                - name: v1
                  labels: {version: v1}
            """);
    assertThat(findings).isEmpty();
  }

  @Test
  void what_is_written_where_the_mesh_does_not_look_has_no_effect() {
    MeshSettings settings =
        MeshSettingsParser.read(
                Map.of(
                    "discoverySelectors",
                    List.of(Map.of("matchLabels", Map.of("istio-injection", "enabled")))),
                Map.of(),
                MeshSettings.defaults())
            .settings();
    List<Finding> findings =
        Drafts.check(
            Bookstore.moment(settings, Bookstore.RULES),
            """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata:
              name: elsewhere
              namespace: bank
            spec:
              host: nobody
            """);
    assertThat(findings)
        .extracting(Finding::code, Finding::line)
        .containsExactly(tuple("namespace-not-selected", 5));
  }

  @Test
  void slips_name_their_line_and_the_way_out() {
    assertThat(Drafts.check(moment, "kind: [\n")).singleElement().matches(f -> f.line() > 0);
    assertThat(
            Drafts.check(
                moment,
                """
                apiVersion: networking.istio.io/v9
                kind: VirtualService
                metadata: {name: a, namespace: b}
                ---
                apiVersion: v1
                kind: Pod
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: a}
                """))
        .extracting(f -> f.line() + " " + f.path())
        .containsExactly("1 apiVersion", "6 kind", "10 metadata.namespace");
  }

  @Test
  void a_field_that_is_not_known_is_found_where_it_stands() {
    List<Finding> findings =
        Drafts.check(
            moment,
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews, namespace: demo}
            spec:
              hosts: [reviews]
              http:
                - timeout: soon
                  route:
                    - destination: {host: reviews}
            """);
    assertThat(findings).anyMatch(f -> f.line() == 7 && f.severity() == Severity.ERROR);
  }
}
