package dev.weft.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.ResourceType;
import dev.weft.apiserver.Samples;
import dev.weft.apiserver.auth.Tokens;
import dev.weft.apiserver.document.Json;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and reviews, through a client that trusts the server's certificate authority. */
class TokenTest {
  @TempDir Path directory;
  private ApiServer server;
  private HttpClient client;
  private SSLContext trust;

  @BeforeEach
  void open() throws Exception {
    server = TestServer.open(directory);
    server.start();
    trust = TestServer.trust(server);
    client = HttpClient.newBuilder().sslContext(trust).build();
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    server.close();
  }

  private HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
            .header("Authorization", "Bearer " + server.adminToken())
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode review(String token, String audience) throws Exception {
    ObjectNode review =
        Samples.json("{'apiVersion':'authentication.k8s.io/v1','kind':'TokenReview'}");
    ObjectNode spec = review.putObject("spec").put("token", token);
    spec.putArray("audiences").add(audience);
    HttpResponse<String> response =
        post("/apis/authentication.k8s.io/v1/tokenreviews", "application/json", Json.bytes(review));
    assertThat(response.statusCode()).isEqualTo(201);
    return Json.read(response.body().getBytes(StandardCharsets.UTF_8), new ArrayList<>())
        .path("status");
  }

  @Test
  void a_token_is_good_for_its_audience_while_its_pod_lives() throws Exception {
    ObjectNode pod = server.objects().create(Samples.PODS, "default", Samples.pod("web"));
    String token =
        server.serviceAccountToken(
            "default",
            "default",
            List.of("istio-ca"),
            Duration.ofHours(1),
            Optional.of(new ApiServer.BoundPod("web", Json.text(pod, "metadata", "uid"))));
    JsonNode status = review(token, "istio-ca");
    assertThat(status.path("authenticated").asBoolean()).isTrue();
    assertThat(Json.text(status, "user", "username"))
        .isEqualTo("system:serviceaccount:default:default");
    assertThat(
            status
                .path("user")
                .path("extra")
                .path("authentication.kubernetes.io/pod-name")
                .get(0)
                .asText())
        .isEqualTo("web");
    assertThat(review(token, "somebody-else").path("authenticated").asBoolean()).isFalse();
    assertThat(review(token + "x", "istio-ca").path("authenticated").asBoolean()).isFalse();
    server.objects().delete(Samples.PODS, "default", "web", ObjectStore.DeleteOptions.NOW);
    assertThat(review(token, "istio-ca").path("authenticated").asBoolean()).isFalse();
  }

  @Test
  void garbage_is_refused_with_a_status_and_a_large_body_with_413() throws Exception {
    String path = "/api/v1/namespaces/default/configmaps";
    for (String type :
        List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf")) {
      HttpResponse<String> response =
          post(path, type, "{{{k8s\0 not an object".getBytes(StandardCharsets.UTF_8));
      assertThat(response.statusCode()).as(type).isEqualTo(400);
      assertThat(response.body()).contains("\"kind\":\"Status\"").doesNotContain("\tat ");
    }
    assertThat(post(path, "text/html", new byte[] {1}).statusCode()).isEqualTo(415);
    assertThat(post(path, "application/json", new byte[4 << 20]).statusCode()).isEqualTo(413);
  }

  @Test
  void a_token_secret_is_filled_and_its_token_ends_with_it() throws Exception {
    ResourceType secrets = ResourceType.core("secrets", "Secret");
    ObjectNode secret =
        server
            .objects()
            .create(
                secrets,
                "default",
                Samples.yaml(
                    """
                    metadata:
                      name: remote
                      annotations: {kubernetes.io/service-account.name: default}
                    type: kubernetes.io/service-account-token
                    """));
    String token =
        new String(
            Base64.getDecoder().decode(Json.text(secret, "data", "token")), StandardCharsets.UTF_8);
    assertThat(review(token, Tokens.ISSUER).path("authenticated").asBoolean()).isTrue();
    server.objects().delete(secrets, "default", "remote", ObjectStore.DeleteOptions.NOW);
    assertThat(review(token, Tokens.ISSUER).path("authenticated").asBoolean()).isFalse();
  }

  @Test
  void stopping_ends_watches() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("https://127.0.0.1:" + server.port() + "/api/v1/pods?watch=true"))
            .header("Authorization", "Bearer " + server.adminToken())
            .build();
    HttpResponse<Stream<String>> watch = client.send(request, HttpResponse.BodyHandlers.ofLines());
    server.stop();
    try (Stream<String> lines = watch.body()) {
      assertThat(lines.filter(line -> !line.isBlank())).isEmpty();
    }
  }

  @Test
  void stopping_ends_idle_connections() throws Exception {
    try (Socket socket = trust.getSocketFactory().createSocket("127.0.0.1", server.port())) {
      socket
          .getOutputStream()
          .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      while (!answer.toString().endsWith("\r\n\r\nok")) {
        answer.append((char) in.read());
      }
      server.stop();
      socket.setSoTimeout(60_000);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void a_stopped_server_keeps_its_objects_and_port() throws Exception {
    int port = server.port();
    server.stop();
    server.objects().create(Samples.CONFIG_MAPS, "default", Samples.configMap("a", "1"));
    server.start();
    assertThat(server.port()).isEqualTo(port);
    assertThat(server.objects().get(Samples.CONFIG_MAPS, "default", "a")).isPresent();
  }
}
