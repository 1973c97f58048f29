package dev.weft.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.routing.Balancer;
import dev.weft.routing.LoadAssignment;
import dev.weft.runtime.Cluster;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.topology.Edge;
import dev.weft.topology.Flow;
import dev.weft.topology.Sentence;
import dev.weft.topology.Volume;
import dev.weft.translate.Translation;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PredictorTest {
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final Loss REVIEWS = new Loss(Loss.Kind.WORKLOAD, "cluster1", "demo/reviews");

  private static final Map<Flow, Volume> PAGES =
      Meshes.requests(
          "cluster1/demo/productpage",
          "cluster1/demo/reviews",
          "reviews",
          600,
          Meshes.requests(
              "cluster1/demo/reviews", "cluster1/demo/ratings", "ratings", 300, Map.of()));

  private static Prediction predict(MeshSnapshot snapshot, Loss loss, Map<Flow, Volume> flows) {
    try {
      return Predictor.of(snapshot, loss, WINDOW, flows);
    } catch (UnclearException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> codes(Prediction prediction) {
    return prediction.sentences().stream().map(Sentence::code).toList();
  }

  @Test
  void what_a_lost_workload_got_goes_to_the_next_priority() {
    Prediction prediction = predict(Meshes.apart(Meshes.FAILOVER), REVIEWS, PAGES);

    assertThat(prediction.broken()).isEmpty();
    assertThat(prediction.edges()).hasSize(1);
    Prediction.Moved moved = prediction.edges().getFirst();
    assertThat(moved.source()).isEqualTo("cluster1/demo/productpage");
    assertThat(moved.rate()).isEqualTo(10);
    assertThat(moved.before())
        .containsExactly(
            new Portion(
                "cluster1/demo/reviews", 1, 10, Edge.Path.LOCAL, "10.1.0.2:9080, 10.1.0.3:9080"));
    assertThat(moved.after())
        .containsExactly(
            new Portion("cluster2/demo/reviews", 1, 10, Edge.Path.GATEWAY, "203.0.113.7:15443"));
    assertThat(codes(prediction)).containsExactly("caller-lost", "moves");
    assertThat(PredictionCode.english(prediction.sentences().getLast()))
        .isEqualTo(
            "100 % of what cluster1/demo/productpage sends to reviews.demo.svc.cluster.local would"
                + " go to cluster2/demo/reviews through the gateway 203.0.113.7:15443.");
  }

  @Test
  void without_outlier_detection_callers_are_unprotected() {
    Prediction prediction = predict(Meshes.flat(), REVIEWS, PAGES);

    assertThat(codes(prediction)).contains("unprotected");
    assertThat(prediction.edges().getFirst().after().getFirst().path()).isEqualTo(Edge.Path.DIRECT);
  }

  @Test
  void a_subset_that_is_only_there_breaks() {
    MeshSnapshot snapshot =
        Meshes.flat(
            Meshes.routes(
                "reviews",
                "{route: [{destination: {host: reviews, subset: one}, weight: 75},"
                    + " {destination: {host: reviews, subset: two}, weight: 25}]}"),
            Meshes.rule(
                "reviews",
                "subsets: [{name: one, labels: {cluster: cluster1}}, {name: two, labels: {cluster:"
                    + " cluster2}}]"));
    Map<Flow, Volume> flows =
        Meshes.requests(
            "cluster1/demo/productpage",
            "cluster1/demo/reviews",
            "reviews",
            450,
            Meshes.requests(
                "cluster1/demo/productpage", "cluster2/demo/reviews", "reviews", 150, Map.of()));
    Prediction prediction = predict(snapshot, REVIEWS, flows);

    assertThat(prediction.broken()).hasSize(1);
    Prediction.Moved broken = prediction.broken().getFirst();
    assertThat(broken.reason()).isEqualTo(Prediction.Reason.SUBSET_ONLY_THERE);
    assertThat(broken.lost()).isCloseTo(0.75, within(1e-6));
    assertThat(codes(prediction).getFirst()).isEqualTo("breaks");
  }

  @Test
  void distribute_to_one_place_breaks_without_it() {
    MeshSnapshot snapshot =
        Meshes.flat(
            Meshes.rule(
                "reviews",
                "trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}, loadBalancer:"
                    + " {localityLbSetting: {distribute: [{from: 'r1/z1/*', to: {'r1/z1/*':"
                    + " 100}}]}}}"));
    Prediction prediction = predict(snapshot, REVIEWS, PAGES);

    assertThat(prediction.broken())
        .extracting(Prediction.Moved::reason)
        .containsExactly(Prediction.Reason.DISTRIBUTE_ONLY_THERE);
  }

  @Test
  void without_a_gateway_the_other_network_is_out_of_reach() {
    MeshSnapshot snapshot = Meshes.apart(Meshes.FAILOVER);
    Map<Flow, Volume> flows =
        Meshes.requests("cluster2/demo/productpage", "cluster2/demo/reviews", "reviews", 60, PAGES);
    // Nothing leads from cluster2 into network1.
    Prediction other =
        predict(snapshot, new Loss(Loss.Kind.WORKLOAD, "cluster2", "demo/reviews"), flows);
    assertThat(other.broken())
        .extracting(Prediction.Moved::source, Prediction.Moved::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "cluster2/demo/productpage", Prediction.Reason.NO_GATEWAY));

    Prediction gateway = predict(snapshot, new Loss(Loss.Kind.GATEWAY, "", "network2"), flows);
    assertThat(gateway.edges()).isEmpty();
    assertThat(codes(gateway)).containsExactly("nothing-moves");
  }

  @Test
  void of_a_lost_cluster_callers_and_services_go() {
    Prediction prediction =
        predict(Meshes.flat(), new Loss(Loss.Kind.CLUSTER, "cluster1", ""), PAGES);

    assertThat(prediction.edges()).isEmpty();
    assertThat(codes(prediction))
        .containsExactly("service-gone", "caller-lost", "caller-lost", "last-known");
    assertThat(prediction.sentences().getFirst().args())
        .containsEntry("service", "ratings.demo.svc.cluster.local");
  }

  @Test
  void a_zone_is_lost_wherever_it_is() {
    Prediction prediction =
        predict(Meshes.flat(Meshes.FAILOVER), new Loss(Loss.Kind.ZONE, "", "r1/z1"), Map.of());

    assertThat(codes(prediction)).containsExactly("service-gone", "no-traffic");
  }

  @Test
  void what_is_not_there_cannot_be_lost() {
    MeshSnapshot snapshot = Meshes.flat();
    record Case(Loss loss, String message) {}
    for (Case c :
        List.of(
            new Case(new Loss(Loss.Kind.CLUSTER, "nine", ""), "no cluster is registered as 'nine'"),
            new Case(new Loss(Loss.Kind.ZONE, "", "z9"), "there are [r1/z1, r1/z2]"),
            new Case(new Loss(Loss.Kind.GATEWAY, "", "x"), "no gateway leads into network 'x'"),
            new Case(new Loss(Loss.Kind.WORKLOAD, "", "reviews"), "NAMESPACE/WORKLOAD"),
            new Case(new Loss(Loss.Kind.WORKLOAD, "", "demo/none"), "no workload demo/none"),
            new Case(new Loss(Loss.Kind.WORKLOAD, "", "demo/reviews"), "--context"))) {
      assertThatThrownBy(() -> Predictor.of(snapshot, c.loss(), WINDOW, Map.of()))
          .hasMessageContaining(c.message());
    }
  }

  /** The shares of a prediction are those of ten thousand picks by the proxy's balancer. */
  @Test
  void the_balancer_does_what_is_predicted() throws UnclearException {
    for (String rule :
        List.of(
            Meshes.FAILOVER,
            Meshes.rule("reviews", "trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}"),
            Meshes.rule(
                "reviews",
                "trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}, loadBalancer:"
                    + " {localityLbSetting: {distribute: [{from: 'r1/z1/*', to: {'r1/z1/*': 70,"
                    + " 'r1/z2/*': 30}}]}}}"))) {
      MeshSnapshot snapshot = Meshes.flat(rule);
      Loss loss = new Loss(Loss.Kind.WORKLOAD, "cluster2", "demo/reviews");
      for (Loss each : List.of(REVIEWS, loss)) {
        MeshSnapshot after = Lost.of(snapshot, each).without();
        Client client = Client.named(after, "productpage.demo", "cluster1");
        Held held = Held.of(new Translation(), after, client.node());
        Cluster cluster =
            Objects.requireNonNull(
                held.config().clusters().get("outbound|9080||reviews.demo.svc.cluster.local"));
        LoadAssignment assignment = Objects.requireNonNull(held.config().assignmentOf(cluster));
        Balancer balancer = Balancer.of(cluster.lbPolicy(), cluster.lbTuning(), assignment);
        Map<String, Integer> picked = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
          int host = balancer.pick(h -> 0, random, Balancer.Wish.PLAIN);
          String[] workload = balancer.endpoints().get(host).workload().split(";", -1);
          picked.merge(workload[4] + "/demo/" + workload[0], 1, Integer::sum);
        }
        Map<String, Double> predicted = new HashMap<>();
        Prediction prediction = predict(snapshot, each, PAGES);
        List<Portion> portions =
            prediction.edges().isEmpty()
                ? List.of(new Portion("cluster1/demo/reviews", 1, 0, Edge.Path.LOCAL, ""))
                : prediction.edges().getFirst().after();
        portions.forEach(p -> predicted.merge(p.place(), p.share(), Double::sum));
        assertThat(predicted.keySet()).isEqualTo(picked.keySet());
        picked.forEach(
            (place, times) ->
                assertThat(predicted.get(place))
                    .as("%s of %s", place, rule)
                    .isCloseTo(times / 10_000.0, within(0.02)));
      }
    }
  }

  @Test
  void predictions_of_several_control_planes_are_added() throws IOException {
    MeshSnapshot snapshot = Meshes.flat(Meshes.FAILOVER);
    Prediction one = predict(snapshot, REVIEWS, PAGES);
    Prediction sum = Prediction.merged(List.of(one, one));

    assertThat(sum.edges().getFirst().rate()).isEqualTo(20);
    assertThat(sum.edges().getFirst().after().getFirst().share()).isEqualTo(1);
    assertThat(sum.sentences()).isEqualTo(one.sentences());
    assertThat(sum.within("other").edges()).isEmpty();
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readValue(json.writeValueAsString(sum), Prediction.class)).isEqualTo(sum);
  }
}
