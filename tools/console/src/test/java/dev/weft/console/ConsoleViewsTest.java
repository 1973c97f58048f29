package dev.weft.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.console.view.Bookstore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API says, and what it changes. */
class ConsoleViewsTest {
  private static final String REVIEWS = "/api/v1/config/VirtualService/demo/reviews";

  @TempDir Path directory;
  private ConsoleWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new ConsoleWorld(directory);
  }

  @AfterEach
  void stop() throws Exception {
    world.close();
  }

  @Test
  void a_picture_has_the_clusters_and_what_flows_between_them() throws Exception {
    JsonNode picture = world.read("/topology?window=60");
    assertThat(picture.at("/clusters/0/id").asText()).isEqualTo("east");
    assertThat(picture.at("/clusters/0/state").asText()).isEqualTo("synced");
    assertThat(picture.at("/source/state").asText()).isEqualTo("ok");
    assertThat(Instant.parse(picture.at("/source/newest").asText())).isNotNull();
    assertThat(picture.at("/edges/0/source").asText()).isEqualTo("east/demo/reviews-v1");
    assertThat(picture.at("/edges/0/rate").asDouble()).isEqualTo(10);
    assertThat(picture.at("/edges/0/p95Millis").isNull()).isTrue();
    HttpResponse<byte[]> compressed =
        world.compressed("/api/v1/topology?level=cluster", world.token("reader"));
    if (compressed.headers().firstValue("Content-Encoding").isPresent()) {
      assertThat(
              new GZIPInputStream(new java.io.ByteArrayInputStream(compressed.body()))
                  .readAllBytes())
          .isNotEmpty();
    }
  }

  @Test
  void what_cannot_be_asked_for_is_refused_by_name() throws Exception {
    String reader = world.token("reader");
    for (String query :
        List.of(
            "window=0",
            "window=x",
            "level=pod",
            "at=yesterday",
            "at=2020-01-01T00:00:00Z",
            "boxes=maybe")) {
      HttpResponse<String> response = world.get("/api/v1/topology?" + query, reader);
      assertThat(response.statusCode()).as(query).isEqualTo(400);
      assertThat(response.body()).contains(query.substring(0, query.indexOf('=')));
    }
    assertThat(world.get("/api/v1/services/demo/nothing", reader).statusCode()).isEqualTo(404);
    assertThat(world.get("/api/v1/workloads/east/demo/nothing", reader).statusCode())
        .isEqualTo(404);
    assertThat(world.get("/api/v1/proxies/nobody", reader).statusCode()).isEqualTo(404);
    assertThat(world.get("/api/v1/config/Pod/demo/a", reader).statusCode()).isEqualTo(404);
    assertThat(world.get("/api/v1/config/VirtualService/demo/none", reader).statusCode())
        .isEqualTo(404);
    assertThat(world.get("/api/v1/explain?service=a", reader).statusCode()).isEqualTo(400);
  }

  @Test
  void a_stream_sends_a_picture_and_then_the_next_one_with_what_happened() throws Exception {
    world.console.recorder().beat();
    HttpResponse<InputStream> response =
        world.stream("/api/v1/topology/stream?idle=false", world.token("reader"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      assertThat(event(lines)).first().isEqualTo("event: picture");
      world.moment = Bookstore.moment(Bookstore.RULES.replace("network2", "network3"));
      world.console.recorder().beat();
      assertThat(event(lines)).first().isEqualTo("event: picture");
    }
    assertThat(world.read("/events?limit=10").isArray()).isTrue();
  }

  private static List<String> event(BufferedReader lines) throws IOException {
    List<String> event = new ArrayList<>();
    String line = lines.readLine();
    while (line != null && !line.isEmpty()) {
      event.add(line);
      line = lines.readLine();
    }
    return event;
  }

  @Test
  void streams_are_bounded_for_all_together() throws Exception {
    String reader = world.token("reader");
    List<HttpResponse<InputStream>> open = new ArrayList<>();
    for (int i = 0; i < Streams.MAX; i++) {
      HttpResponse<InputStream> stream = world.stream("/api/v1/topology/stream", reader);
      assertThat(stream.statusCode()).isEqualTo(200);
      open.add(stream);
    }
    HttpResponse<String> refused = world.get("/api/v1/topology/stream", reader);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(world.json(refused).path("code").asText()).isEqualTo("too-many-streams");
    assertThat(world.get("/api/v1/session", reader).statusCode()).isEqualTo(200);
    for (HttpResponse<InputStream> each : open) {
      each.body().close();
    }
  }

  @Test
  void a_strip_has_rates_and_counts_events() throws Exception {
    JsonNode strip = world.read("/topology/strip?step=10");
    assertThat(strip.at("/step").asInt()).isEqualTo(10);
    assertThat(strip.at("/frames/0/rate").asDouble()).isEqualTo(10);
    assertThat(strip.at("/frames/0/failed").asDouble()).isEqualTo(1);
  }

  @Test
  void clusters_have_their_registration_and_services_their_callers() throws Exception {
    JsonNode clusters = world.read("/clusters");
    assertThat(clusters.at("/0/secret").asText()).isEqualTo("secret-east");
    assertThat(clusters.at("/0/server").asText()).startsWith("https://127.0.0.1");
    JsonNode service = world.read("/services/demo/reviews");
    assertThat(service.at("/callers/0/source").asText()).isEqualTo("east/demo/reviews-v1");
    assertThat(service.at("/service/rate").asDouble()).isEqualTo(10);
    JsonNode workload = world.read("/workloads/west/demo/reviews-v2");
    assertThat(workload.at("/in/0/source").asText()).isEqualTo("east/demo/reviews-v1");
  }

  @Test
  void an_object_is_read_tried_and_changed_with_the_callers_own_rights() throws Exception {
    String admin = world.token("admin");
    JsonNode before = world.json(world.get(REVIEWS, admin));
    String yaml = before.path("yaml").asText();
    assertThat(yaml).contains("resourceVersion").doesNotContain("managedFields", "uid:");
    String changed = yaml.replace("subset: v1", "subset: ack");

    HttpResponse<String> tried = world.send("PUT", "/api/v1/config?dryRun=true", admin, changed);
    assertThat(tried.statusCode()).as(tried.body()).isEqualTo(200);
    assertThat(world.json(world.get(REVIEWS, admin)).path("yaml").asText()).isEqualTo(yaml);

    HttpResponse<String> applied = world.send("PUT", "/api/v1/config?dryRun=false", admin, changed);
    assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
    assertThat(world.json(world.get(REVIEWS, admin)).path("yaml").asText()).contains("subset: ack");

    HttpResponse<String> late = world.send("PUT", "/api/v1/config", admin, changed);
    assertThat(late.statusCode()).as("the version in it is old").isEqualTo(409);

    assertThat(world.send("DELETE", REVIEWS, admin, "").statusCode()).isEqualTo(200);
    assertThat(world.send("DELETE", REVIEWS, admin, "").statusCode()).isEqualTo(404);
  }

  @Test
  void what_is_new_is_created_and_what_is_none_of_ours_is_refused() throws Exception {
    String admin = world.token("admin");
    HttpResponse<String> created =
        world.send(
            "PUT",
            "/api/v1/config",
            admin,
            """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: fresh, namespace: demo}
            spec: {host: reviews}
            """);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
    assertThat(world.json(created).at("/row/kind").asText()).isEqualTo("DestinationRule");
    HttpResponse<String> secret =
        world.send(
            "PUT",
            "/api/v1/config",
            admin,
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: demo}\n");
    assertThat(secret.statusCode()).isEqualTo(400);
    assertThat(world.json(secret).path("error").asText()).contains("Secret");
  }

  @Test
  void a_text_is_checked_without_being_sent_anywhere() throws Exception {
    HttpResponse<String> response =
        world.send(
            "POST",
            "/api/v1/config/check",
            world.token("reader"),
            Bookstore.RULES.replace("cluster: ack", "cluster: distro"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(world.json(response).toString()).contains("IST0173", "\"line\":");
  }

  @Test
  void a_request_is_told_and_a_loss_predicted() throws Exception {
    String question =
        """
        {"log": "", "from": "deploy/reviews-v2.demo", "cluster": "west", "method": "GET",
         "host": "reviews:9080", "path": "/reviews/0", "headers": {}}
        """;
    HttpResponse<String> told =
        world.send("POST", "/api/v1/explain/request", world.token("reader"), question);
    assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
    assertThat(world.json(told).at("/steps/0/code").asText()).isEqualTo("client");
    assertThat(world.json(told).at("/steps/1/code").asText()).isEqualTo("on-demand");
    assertThat(world.json(told).at("/outcome/kind").asText()).isEqualTo("noEndpoint");
    HttpResponse<String> nobody =
        world.send(
            "POST",
            "/api/v1/explain/request",
            world.token("reader"),
            question.replace("reviews-v2.demo", "none.demo"));
    assertThat(nobody.statusCode()).isEqualTo(400);
    assertThat(nobody.body()).contains("none");
    HttpResponse<String> predicted =
        world.send(
            "POST",
            "/api/v1/whatif",
            world.token("reader"),
            "{\"kind\": \"cluster\", \"cluster\": \"east\", \"name\": \"\"}");
    assertThat(predicted.statusCode()).as(predicted.body()).isEqualTo(200);
    assertThat(world.json(predicted).at("/loss/kind").asText()).isEqualTo("cluster");
    assertThat(
            world
                .send("POST", "/api/v1/whatif", world.token("reader"), "{\"kind\": \"moon\"}")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void networks_are_previewed_by_readers_and_set_by_admins() throws Exception {
    String wish =
        "[{'cluster':'west','network':'network1','crossClusterProxy':true}]".replace('\'', '"');
    HttpResponse<String> preview =
        world.send("POST", "/api/v1/networks/preview", world.token("reader"), wish);
    assertThat(preview.statusCode()).as(preview.body()).isEqualTo(200);
    assertThat(world.json(preview).at("/paths/1/way").asText()).isEqualTo("direct");
    assertThat(member()).contains("network2");

    HttpResponse<String> set = world.send("PUT", "/api/v1/networks", world.token("admin"), wish);
    assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
    assertThat(member()).contains("network1", "enabled=true");

    HttpResponse<String> half =
        world.send(
            "POST",
            "/api/v1/networks/preview",
            world.token("reader"),
            "[{\"cluster\":\"west\",\"network\":null}]");
    assertThat(half.statusCode()).isEqualTo(400);
    assertThat(world.json(half).path("error").asText()).contains("network");
  }

  private String member() throws Exception {
    return String.valueOf(
        world
            .api
            .get("/apis/mesh.weft.dev/v1alpha1/memberclusters/west")
            .orElseThrow()
            .get("spec"));
  }
}
