package dev.weft.control;

import static dev.weft.control.LoopbackMesh.settle;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.loop.Clock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console of a whole control plane: what it is wired to. */
class ConsoleServedTest {
  private static final Pattern TOKEN = Pattern.compile("token: \"?([^\"\\s]+)");

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();
  private LoopbackMesh world;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackMesh(directory);
  }

  @AfterEach
  void stop() throws Exception {
    http.close();
    world.close();
  }

  @Test
  void it_shows_what_the_control_plane_reads_and_certifies() throws Exception {
    world.workloads();
    world.plane.close();
    int port = free();
    try (ControlPlane plane =
        ControlPlane.start(
            LoopbackMesh.options(
                world.kubeconfig, directory, "--console-port", Integer.toString(port)),
            Clock.system())) {
      assertThat(plane.monitoringPort()).isPositive();
      assertThat(get(port, "/session", "").statusCode()).isEqualTo(401);
      JsonNode clusters =
          settle(
              () -> read(port, "/clusters"),
              c -> c.size() == 2 && c.at("/1/state").asText().equals("synced"));
      assertThat(clusters.at("/0/secret").asText()).isEqualTo("istio-remote-secret-cluster1");
      settle(
          () -> read(port, "/certificates").toString(),
          all -> all.contains("\"root\"") && all.contains("\"webhook\""));
      settle(() -> read(port, "/services").toString(), all -> all.contains("httpbin"));
      assertThat(read(port, "/session").at("/role").asText()).isEqualTo("admin");
      assertThat(read(port, "/topology").at("/clusters/1/id").asText()).isEqualTo("cluster2");
      assertThat(
              read(port, "/explain?service=httpbin:8000&from=sleep-1&cluster=cluster1")
                  .at("/service/name")
                  .asText())
          .isEqualTo("httpbin");
      assertThat(read(port, "/config?kind=MemberCluster").toString()).contains("cluster1");
    }
  }

  private JsonNode read(int port, String path) throws Exception {
    Matcher token = TOKEN.matcher(Files.readString(world.kubeconfig));
    assertThat(token.find()).isTrue();
    HttpResponse<String> response = get(port, path, token.group(1));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json.readTree(response.body());
  }

  private HttpResponse<String> get(int port, String path, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path));
    return http.send(
        (token.isEmpty() ? request : request.header("Authorization", "Bearer " + token)).build(),
        BodyHandlers.ofString());
  }

  private static int free() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
