package dev.weft.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody gets in without the right token, and nothing is changed without the right to. */
class ConsoleAccessTest {
  private static final List<String> READS =
      List.of(
          "/session",
          "/clusters",
          "/services",
          "/services/demo/reviews",
          "/workloads",
          "/workloads/east/demo/reviews-v1",
          "/config",
          "/config/VirtualService/demo/reviews",
          "/proxies",
          "/proxies/reviews-v1-1.demo.east",
          "/certificates",
          "/events",
          "/topology",
          "/topology/strip",
          "/explain?service=reviews.demo&from=reviews-v2-1.demo&cluster=west");

  @TempDir static Path directory;
  private static ConsoleWorld world;

  @BeforeAll
  static void start() throws Exception {
    world = new ConsoleWorld(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    world.close();
  }

  @Test
  void without_a_token_nothing_of_the_api_answers() throws Exception {
    for (String path : READS) {
      HttpResponse<String> response = world.get("/api/v1" + path, "");
      assertThat(response.statusCode()).as(path).isEqualTo(401);
      assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(world.json(response).path("code").asText()).isEqualTo("unauthorized");
    }
    assertThat(world.get("/api/v1/topology/stream", "").statusCode()).isEqualTo(401);
    assertThat(world.get("/api/v1/session?token=" + world.token("admin"), "").statusCode())
        .isEqualTo(401);
  }

  @Test
  void a_forged_token_is_refused_and_not_repeated() throws Exception {
    HttpResponse<String> response = world.get("/api/v1/session", "forged-token");
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).doesNotContain("forged-token");
  }

  @Test
  void who_may_see_nothing_of_the_mesh_is_told_what_is_missing() throws Exception {
    HttpResponse<String> response = world.get("/api/v1/clusters", world.token("stranger"));
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(world.json(response).path("error").asText())
        .contains("system:serviceaccount:demo:stranger", "weft-console-reader");
  }

  @Test
  void a_reader_reads_everything() throws Exception {
    for (String path : READS) {
      HttpResponse<String> response = world.get("/api/v1" + path, world.token("reader"));
      assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
      assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    }
    assertThat(world.read("/session").path("role").asText()).isEqualTo("reader");
  }

  @Test
  void a_reader_changes_nothing() throws Exception {
    String reader = world.token("reader");
    assertThat(world.send("PUT", "/api/v1/config?dryRun=true", reader, "").statusCode())
        .isEqualTo(403);
    assertThat(world.send("PUT", "/api/v1/networks", reader, "[]").statusCode()).isEqualTo(403);
    assertThat(
            world
                .send("DELETE", "/api/v1/config/VirtualService/demo/reviews", reader, "")
                .statusCode())
        .isEqualTo(403);
    assertThat(world.get("/api/v1/config/VirtualService/demo/reviews", reader).statusCode())
        .isEqualTo(200);
  }

  @Test
  void an_admin_is_one() throws Exception {
    HttpResponse<String> response = world.get("/api/v1/session", world.token("admin"));
    assertThat(world.json(response).path("role").asText()).isEqualTo("admin");
    assertThat(world.json(response).path("user").asText())
        .isEqualTo("system:serviceaccount:demo:admin");
  }

  @Test
  void every_answer_has_safe_headers() throws Exception {
    for (String path : List.of("/", "/topology", "/api/v1/session", "/nothing.js")) {
      HttpResponse<String> response = world.get(path, "");
      assertThat(response.headers().firstValue("Content-Security-Policy"))
          .as(path)
          .hasValueSatisfying(
              policy ->
                  assertThat(policy)
                      .contains(
                          "default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
                      .doesNotContain("unsafe-eval", "http"));
      assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
      assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
  }

  @Test
  void pages_are_for_everybody_and_places_in_them_are_the_page() throws Exception {
    for (String path : List.of("/", "/topology", "/o/east/demo/service/reviews.v1")) {
      HttpResponse<String> response = world.get(path, "");
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      assertThat(response.body()).contains("pages of a test");
      assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
    }
    HttpResponse<byte[]> script = world.compressed("/assets/index-0a1b2c3d.js", "");
    assertThat(script.headers().firstValue("Cache-Control"))
        .hasValue("public, max-age=31536000, immutable");
    assertThat(script.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(script.headers().firstValue("Content-Type"))
        .hasValue("text/javascript; charset=utf-8");
  }

  @Test
  void what_is_no_page_is_not_there() throws Exception {
    for (String path :
        List.of(
            "/assets/other.js",
            "/../ConsoleServer.class",
            "/%2e%2e/package-info.class",
            "/api",
            "/api/v2/x",
            "/api/v1/nothing")) {
      assertThat(world.get(path, "").statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void too_long_a_body_is_refused() throws Exception {
    HttpResponse<String> response =
        world.send(
            "POST", "/api/v1/config/check", world.token("reader"), "#".repeat((1 << 20) + 1));
    assertThat(response.statusCode()).isIn(400, 413);
  }
}
