package dev.weft.apiserver.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.document.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Requests as a client library makes them, by the administrator. */
record Wire(ApiServer server, HttpClient client) implements AutoCloseable {

  static Wire of(ApiServer server) throws Exception {
    return new Wire(server, HttpClient.newBuilder().sslContext(TestServer.trust(server)).build());
  }

  URI uri(String scheme, String path) {
    return URI.create(scheme + "://127.0.0.1:" + server.port() + path);
  }

  /** What a request is answered with, whatever its code. */
  JsonNode get(String path) throws Exception {
    return Json.read(text(path).getBytes(StandardCharsets.UTF_8), new ArrayList<>());
  }

  /** What a watch tells until it ends by itself. */
  List<JsonNode> events(String path) throws Exception {
    return text(path)
        .lines()
        .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), new ArrayList<>()))
        .toList();
  }

  private String text(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("https", path))
            .header("Authorization", "Bearer " + server.adminToken())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Override
  public void close() {
    client.close();
  }
}
