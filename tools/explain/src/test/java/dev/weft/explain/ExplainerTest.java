package dev.weft.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Objects;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private final PlacedMesh mesh =
      new PlacedMesh()
          .cluster("east", "east/a", "sleep-1", "hello-1", "hello-2")
          .cluster("west", "west/b", "hello-3");

  @Test
  void without_outlier_detection_localities_do_not_matter() throws UnclearException {
    Explanation explanation = mesh.explain();

    assertThat(rows(explanation))
        .containsExactlyInAnyOrder(
            tuple("hello-1.default", 0, 33),
            tuple("hello-2.default", 0, 33),
            tuple("hello-3.default", 0, 33));
    assertThat(explanation.summary())
        .contains(
            "Localities do not matter, since no DestinationRule sets outlierDetection: 67 %"
                + " east/a, 33 % west/b.");
  }

  @Test
  void with_it_the_nearest_come_first_and_all_may_be_ejected() throws UnclearException {
    mesh.policy(
        "{\"outlierDetection\": {\"consecutive5xxErrors\": 1, \"baseEjectionTime\": \"60s\"}}");

    Explanation explanation = mesh.explain();

    assertThat(rows(explanation))
        .containsExactlyInAnyOrder(
            tuple("hello-1.default", 0, 50),
            tuple("hello-2.default", 0, 50),
            tuple("hello-3.default", 1, 0));
    assertThat(explanation.summary())
        .contains(
            "The nearest come first. Priority 0 is east/a; 1 is west/b. The next one helps where"
                + " less than 71 % of those before it are healthy.",
            "An endpoint gets no requests for 60 s after one error (5xx, or no connection), all"
                + " of them at a time if need be.");
  }

  @Test
  void a_distribution_is_shown_by_endpoint() throws UnclearException {
    mesh.policy(
        """
        {"loadBalancer": {"localityLbSetting": {"distribute":
          [{"from": "east/*", "to": {"east/*": 80, "west/*": 20}}]}}}
        """);

    Explanation explanation = mesh.explain();

    assertThat(rows(explanation))
        .containsExactlyInAnyOrder(
            tuple("hello-1.default", 0, 40),
            tuple("hello-2.default", 0, 40),
            tuple("hello-3.default", 0, 20));
    assertThat(explanation.summary()).contains("Localities have shares: 80 % east/a, 20 % west/b.");
  }

  @Test
  void behind_a_gateway_pods_share_what_the_gateway_gets() throws UnclearException {
    mesh.cluster("west", "west/b", "hello-3", "hello-4")
        .network("east", "net1", "172.18.0.2:15443")
        .network("west", "net2", "172.18.0.3:15443");

    Explanation explanation = mesh.explain();

    assertThat(explanation.endpoints())
        .filteredOn(row -> row.verdict().equals("via gateway"))
        .extracting(Explanation.Row::sentTo, row -> Math.round(placing(row).share()))
        .containsExactly(tuple("172.18.0.3:15443", 25L), tuple("172.18.0.3:15443", 25L));
    assertThat(explanation.endpoints().stream().mapToDouble(r -> placing(r).share()).sum())
        .isCloseTo(100, within(0.001));
  }

  @Test
  void a_client_may_be_named_as_kubectl_names_it() throws UnclearException {
    assertThat(mesh.explain("pod/sleep-1").client().pod()).isEqualTo("sleep-1");
    assertThat(mesh.explain("deployment/sleep.default").client().pod()).isEqualTo("sleep-1");
  }

  @Test
  void what_only_a_proxy_knows_is_asked_of_the_proxy() throws UnclearException {
    mesh.policy("{\"outlierDetection\": {\"consecutive5xxErrors\": 1}}");
    assertThat(mesh.explain().summary())
        .contains(
            "Which are left alone at the moment only the proxy knows:"
                + " weft proxy-config endpoints sleep-1.default");
  }

  @Test
  void the_text_can_be_made_of_the_json() throws Exception {
    mesh.network("west", "net2", "172.18.0.3:15443").network("east", "net1", "172.18.0.2:15443");
    Explanation explanation = mesh.explain();
    ObjectMapper json = new ObjectMapper();

    assertThat(json.readValue(json.writeValueAsString(explanation), Explanation.class))
        .isEqualTo(explanation);
  }

  private static List<Tuple> rows(Explanation explanation) {
    return explanation.endpoints().stream()
        .map(
            row ->
                tuple(
                    row.endpoint(),
                    placing(row).priority(),
                    (int) Math.round(placing(row).share())))
        .toList();
  }

  private static Explanation.Placing placing(Explanation.Row row) {
    return Objects.requireNonNull(row.placing(), row.endpoint());
  }
}
