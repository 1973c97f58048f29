package dev.weft.apiserver.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.document.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** Requests as a client library makes them, by the administrator. */
record Wire(ApiServer server, HttpClient client) implements AutoCloseable {

  static Wire of(ApiServer server) throws Exception {
    return new Wire(server, HttpClient.newBuilder().sslContext(TestServer.trust(server)).build());
  }

  URI uri(String scheme, String path) {
    return URI.create(scheme + "://127.0.0.1:" + server.port() + path);
  }

  /** What a request is answered with, whatever its code. */
  JsonNode ask(String method, String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("https", path))
            .header("Authorization", "Bearer " + server.adminToken())
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    byte[] answer =
        client
            .send(request.build(), HttpResponse.BodyHandlers.ofString())
            .body()
            .getBytes(StandardCharsets.UTF_8);
    return Json.read(answer, new ArrayList<>());
  }

  JsonNode get(String path) throws Exception {
    return ask("GET", path, "");
  }

  @Override
  public void close() {
    client.close();
  }
}
