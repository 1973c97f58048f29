package dev.weft.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.explain.RequestStory.Ending;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.topology.Edge;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class StoriesTest {
  private static final String SUBSETS =
      Meshes.rule(
          "reviews",
          "subsets: [{name: one, labels: {cluster: cluster1}}, {name: two, labels: {cluster:"
              + " cluster2}}, {name: ack, labels: {cluster: ack}}]");

  private static RequestStory tell(MeshSnapshot snapshot, String host, String path) {
    return tell(
        snapshot,
        new RequestQuestion("", "deploy/productpage.demo", "cluster1", "", host, path, Map.of()));
  }

  private static RequestStory tell(MeshSnapshot snapshot, RequestQuestion question) {
    return tell(snapshot, question, pod -> false);
  }

  private static RequestStory tell(
      MeshSnapshot snapshot, RequestQuestion question, Predicate<WorkloadKey> onDemand) {
    try {
      return Stories.tell(snapshot, question, onDemand);
    } catch (UnclearException e) {
      throw new AssertionError(e);
    }
  }

  private static RequestStory.Step step(RequestStory story, StepCode code) {
    return story.steps().stream()
        .filter(s -> s.code().equals(code.text()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(code + " is not among " + story.steps()));
  }

  private static List<String> codes(RequestStory story) {
    return story.steps().stream().map(RequestStory.Step::code).toList();
  }

  @Test
  void a_call_without_rules_is_told_from_the_name_to_the_places() {
    RequestStory story = tell(Meshes.flat(), "reviews:9080", "/reviews/0");

    assertThat(codes(story))
        .containsExactly(
            "client",
            "name",
            "listener",
            "virtual-host",
            "default-route",
            "retries",
            "service",
            "localities",
            "priority",
            "priority",
            "ejection",
            "direct",
            "mtls");
    assertThat(story.outcome().kind()).isEqualTo(Ending.FORWARDED);
    assertThat(story.destinations()).hasSize(1);
    assertThat(story.destinations().getFirst().places())
        .extracting(Portion::place)
        .containsExactly("cluster1/demo/reviews", "cluster2/demo/reviews");
    assertThat(story.destinations().getFirst().places().getFirst().share())
        .isCloseTo(2 / 3.0, within(1e-9));
  }

  @Test
  void a_sidecar_on_demand_asks_before_a_first_call() {
    RequestQuestion question =
        new RequestQuestion(
            "", "deploy/productpage.demo", "cluster1", "", "reviews:9080", "/", Map.of());
    RequestStory told = tell(Meshes.flat(), question, pod -> pod.pod().equals("productpage-1"));
    assertThat(codes(told).subList(0, 3)).containsExactly("client", "on-demand", "name");
    assertThat(step(told, StepCode.ON_DEMAND).args())
        .containsEntry("patience-millis", "2000")
        .containsEntry("unused-minutes", "60")
        .containsEntry("policy", "ALLOW_ANY");
    assertThat(step(told, StepCode.ON_DEMAND).text()).contains("waits").contains("let through");
    assertThat(told.outcome()).isEqualTo(tell(Meshes.flat(), question).outcome());
  }

  @Test
  void with_outlier_detection_the_nearest_takes_all() {
    RequestStory story = tell(Meshes.apart(Meshes.FAILOVER), "reviews:9080", "/");

    assertThat(step(story, StepCode.DESTINATION_RULE).object())
        .isEqualTo(new RequestStory.Named("DestinationRule", "demo", "reviews", ""));
    assertThat(step(story, StepCode.GATEWAY).args())
        .containsEntry("address", "203.0.113.7:15443")
        .containsEntry("network", "network2");
    assertThat(story.destinations().getFirst().places())
        .containsExactly(
            new Portion(
                "cluster1/demo/reviews", 1, 0, Edge.Path.LOCAL, "10.1.0.2:9080, 10.1.0.3:9080"));
  }

  @Test
  void the_route_and_the_match_that_take_a_request_are_named() {
    MeshSnapshot snapshot =
        Meshes.flat(
            Meshes.routes(
                "reviews",
                "{match: [{uri: {exact: /a}}, {uri: {prefix: /b}}], name: few, rewrite: {uri: /c},"
                    + " timeout: 2s, route: [{destination: {host: reviews, subset: two}}]}, {route:"
                    + " [{destination: {host: reviews, subset: one}, weight: 80}, {destination:"
                    + " {host: reviews, subset: ack}, weight: 20}]}"),
            SUBSETS);

    RequestStory few = tell(snapshot, "reviews.demo:9080", "/bee");
    assertThat(step(few, StepCode.ROUTE).args())
        .containsEntry("route", "0")
        .containsEntry("match", "1")
        .containsEntry("passed", "1");
    assertThat(step(few, StepCode.ROUTE).object())
        .isEqualTo(new RequestStory.Named("VirtualService", "demo", "reviews", ""));
    assertThat(step(few, StepCode.REWRITE_PATH).args()).containsEntry("path", "/cee");
    assertThat(step(few, StepCode.TIMEOUT).args()).containsEntry("millis", "2000");
    assertThat(step(few, StepCode.SUBSET).args()).containsEntry("endpoints", "1");

    RequestStory rest = tell(snapshot, "reviews.demo:9080", "/");
    assertThat(step(rest, StepCode.ROUTE).args()).containsEntry("match", "-1");
    assertThat(rest.destinations())
        .extracting(RequestStory.Destination::subset, RequestStory.Destination::share)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("one", 0.8),
            org.assertj.core.groups.Tuple.tuple("ack", 0.2));
    assertThat(rest.outcome().kind()).isEqualTo(Ending.FORWARDED);
    assertThat(rest.outcome().text()).contains("20 %: 503 UH");
  }

  @Test
  void a_subset_without_pods_ends_with_503_uh() {
    MeshSnapshot snapshot =
        Meshes.flat(
            Meshes.routes("reviews", "{route: [{destination: {host: reviews, subset: ack}}]}"),
            SUBSETS);
    RequestStory story = tell(snapshot, "reviews:9080", "/");

    assertThat(story.outcome())
        .extracting(
            RequestStory.Outcome::kind, RequestStory.Outcome::status, RequestStory.Outcome::flags)
        .containsExactly(Ending.NO_ENDPOINT, 503, "UH");
    assertThat(step(story, StepCode.LEFT_OUT).args())
        .containsEntry("reason", "subset-labels")
        .containsEntry("count", "3");
  }

  private static String sidecar(String spec) {
    return "- {apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: own, namespace:"
        + " demo}, spec: {"
        + spec
        + "}}\n";
  }

  @Test
  void a_port_of_the_sidecar_itself_means_no_service() {
    MeshSnapshot snapshot =
        Meshes.flat(
            sidecar(
                "egress: [{port: {number: 9080, protocol: HTTP}, captureMode: NONE, hosts:"
                    + " [./reviews.demo.svc.cluster.local]}]"));
    RequestStory story =
        tell(
            snapshot,
            new RequestQuestion(
                "",
                "deploy/productpage.demo",
                "cluster1",
                "",
                "127.0.0.1:9080",
                "/",
                Map.of("host", "reviews:9080")));

    assertThat(codes(story)).startsWith("client", "listener", "virtual-host", "default-route");
    assertThat(step(story, StepCode.LISTENER).text()).contains("127.0.0.1_9080");
    assertThat(story.outcome().kind()).isEqualTo(Ending.FORWARDED);
  }

  @Test
  void unknown_names_go_where_a_sidecar_sends_them() {
    MeshSnapshot snapshot =
        Meshes.flat(
            sidecar(
                "outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host:"
                    + " ratings.demo.svc.cluster.local, port: {number: 9080}}}"));
    RequestStory story = tell(snapshot, "example.org:9080", "/");

    assertThat(step(story, StepCode.DEFAULT_ROUTE).text()).contains("sent to another proxy");
    assertThat(story.destinations().getFirst().places())
        .extracting(Portion::place)
        .containsExactly("cluster1/demo/ratings");
  }

  @Test
  void names_that_nobody_has_leave_the_mesh() {
    RequestStory story = tell(Meshes.flat(), "example.org:9080", "/");

    assertThat(codes(story)).contains("name-unknown", "default-route", "passthrough");
    assertThat(story.destinations().getFirst().places().getFirst().place())
        .isEqualTo(Portion.OUTSIDE);
  }

  @Test
  void tls_of_the_caller_is_passed_on_as_bytes() {
    RequestStory story = tell(Meshes.flat(), "https://reviews:9080", "/");

    assertThat(codes(story)).contains("bytes").doesNotContain("virtual-host");
  }

  @Test
  void without_a_sidecar_the_mesh_has_no_say() {
    RequestStory story =
        tell(
            Meshes.flat(),
            new RequestQuestion("", "plain-1.demo", "", "", "reviews:9080", "/", Map.of()));

    assertThat(codes(story)).containsExactly("client", "no-proxy");
  }

  @Test
  void plain_text_to_strict_servers_is_denied() {
    MeshSnapshot snapshot =
        Meshes.flat(
            "- {apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name:"
                + " default, namespace: demo}, spec: {mtls: {mode: STRICT}}}\n",
            Meshes.rule("reviews", "trafficPolicy: {tls: {mode: DISABLE}}"));
    RequestStory story = tell(snapshot, "reviews:9080", "/");

    assertThat(codes(story)).contains("strict");
    assertThat(story.outcome().kind()).isEqualTo(Ending.DENIED);
  }

  @Test
  void what_the_policy_of_the_server_decides_is_told_with_its_name() {
    MeshSnapshot snapshot =
        Meshes.flat(
            "- {apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name:"
                + " readers, namespace: demo}, spec: {selector: {matchLabels: {app: reviews}},"
                + " rules: [{from: [{source: {namespaces: [demo]}}], to: [{operation: {paths:"
                + " ['/reviews/*']}}]}]}}\n");

    RequestStory allowed = tell(snapshot, "reviews:9080", "/reviews/0");
    assertThat(allowed.outcome().kind()).isEqualTo(Ending.FORWARDED);
    assertThat(step(allowed, StepCode.ACCESS).object())
        .isEqualTo(new RequestStory.Named("AuthorizationPolicy", "demo", "readers", ""));

    RequestStory denied = tell(snapshot, "reviews:9080", "/admin");
    assertThat(denied.outcome().kind()).isEqualTo(Ending.DENIED);
    assertThat(denied.outcome().status()).isEqualTo(403);
    assertThat(denied.outcome().text()).contains("no AuthorizationPolicy allows it");
  }

  @Test
  void a_gateway_routes_by_the_virtual_services_that_are_bound_to_it() {
    MeshSnapshot snapshot =
        Meshes.flat(
            "- {apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: front,"
                + " namespace: demo}, spec: {selector: {istio: ingress}, servers: [{port: {number:"
                + " 80, name: http, protocol: HTTP}, hosts: ['*']}]}}\n",
            "- {apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: page,"
                + " namespace: demo}, spec: {hosts: ['*'], gateways: [front], http: [{match: [{uri:"
                + " {prefix: /productpage}}], route: [{destination: {host: productpage}}]}]}}\n");

    RequestStory page =
        tell(
            snapshot,
            new RequestQuestion(
                "", "ingress-1.demo", "", "", "shop.example", "/productpage", Map.of()));
    assertThat(page.outcome().kind()).isEqualTo(Ending.FORWARDED);
    assertThat(step(page, StepCode.ROUTE).args()).containsEntry("match", "0");

    RequestStory other =
        tell(
            snapshot,
            new RequestQuestion("", "ingress-1.demo", "", "", "shop.example", "/other", Map.of()));
    assertThat(other.outcome())
        .extracting(
            RequestStory.Outcome::kind, RequestStory.Outcome::status, RequestStory.Outcome::flags)
        .containsExactly(Ending.NO_ROUTE, 404, "NR");

    RequestStory closed =
        tell(
            snapshot,
            new RequestQuestion("", "ingress-1.demo", "", "", "shop.example:8443", "/", Map.of()));
    assertThat(codes(closed)).containsExactly("client", "no-listener");
  }

  @Test
  void a_log_line_asks_by_its_addresses() {
    String line =
        "[2026-11-20T10:03:20.000Z] \"GET /reviews/0 HTTP/1.1\" 503 UH no_healthy_upstream - \"-\""
            + " 0 19 0 - \"-\" \"python-requests\" \"6a1d\" \"reviews:9080\" \"-\""
            + " outbound|9080||reviews.demo.svc.cluster.local - 10.96.0.2:9080 10.1.0.1:41200 -"
            + " default";
    RequestStory story = tell(Meshes.flat(), RequestQuestion.logged("productpage-1: " + line));

    assertThat(story.question().from()).isEqualTo("productpage-1.demo");
    assertThat(story.question().cluster()).isEqualTo("cluster1");
    assertThat(story.question().headers()).containsEntry("user-agent", "python-requests");
    assertThat(step(story, StepCode.LOGGED).args())
        .containsEntry("status", "503")
        .containsEntry("flags", "UH");
    assertThat(step(story, StepCode.LISTENER).args()).containsEntry("listener", "0.0.0.0_9080");
    assertThat(story.outcome().kind()).isEqualTo(Ending.FORWARDED);
  }

  @Test
  void the_json_formats_are_read_too() throws UnclearException {
    String asm =
        "{\"authority_for\":\"reviews:9080\",\"bytes_received\":\"0\",\"method\":\"GET\",\"path\":\"/r\","
            + "\"response_code\":\"200\",\"response_flags\":\"-\",\"upstream_cluster\":\"outbound|9080||reviews\","
            + "\"upstream_host\":\"10.1.0.2:9080\",\"downstream_local_address\":\"10.96.0.2:9080\","
            + "\"downstream_remote_address\":\"10.1.0.1:1\",\"upstream_local_address\":\"10.1.0.1:2\"}";
    assertThat(AccessLogLine.parse(asm).authority()).isEqualTo("reviews:9080");
    assertThat(AccessLogLine.parse(asm.replace("authority_for", "authority")))
        .isEqualTo(AccessLogLine.parse(asm));
  }

  @Test
  void what_is_unclear_is_said_with_the_way_out() {
    MeshSnapshot snapshot = Meshes.flat();
    assertThatThrownBy(
            () ->
                Stories.tell(
                    snapshot,
                    new RequestQuestion("", "productpage.demo", "", "", "reviews", "", Map.of()),
                    pod -> false))
        .hasMessageContaining("--context");
    assertThatThrownBy(() -> Stories.tell(snapshot, RequestQuestion.logged("hello"), pod -> false))
        .hasMessageContaining("asm, istio-json and text");
    assertThatThrownBy(() -> Stories.tell(snapshot, RequestQuestion.logged("{}"), pod -> false))
        .hasMessageContaining("upstream_cluster");
    assertThatThrownBy(
            () ->
                Stories.tell(
                    snapshot,
                    new RequestQuestion(
                        "", "productpage.demo", "cluster1", "", "a:b", "", Map.of()),
                    pod -> false))
        .hasMessageContaining("host is 'a:b'");
  }

  @Test
  void what_is_sent_is_what_is_read() throws IOException {
    RequestStory story =
        tell(
            Meshes.apart(Meshes.FAILOVER, SUBSETS.replace("reviews", "ratings")),
            "reviews:9080",
            "/");
    ObjectMapper json = new ObjectMapper();
    String text = json.writeValueAsString(story);
    assertThat(text).contains("\"kind\":\"forwarded\"");
    assertThat(json.readValue(text, RequestStory.class)).isEqualTo(story);
    assertThat(
            Objects.requireNonNull(json.readTree(text).at("/destinations/0/places/0/path"))
                .asText())
        .isEqualTo("LOCAL");
  }
}
