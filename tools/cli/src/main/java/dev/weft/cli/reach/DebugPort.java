package dev.weft.cli.reach;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The debug port (15014) of one control plane, at an address that can be reached from here.
 *
 * @param name what people know it by: a pod, or the address itself
 */
record DebugPort(String name, URI base) {

  /**
   * The JSON at a debug path.
   *
   * @param query parameters; those without a value are left out
   * @throws CommandFailure where nothing answers, or the answer is an error
   */
  JsonNode get(String path, Map<String, String> query) {
    String parameters =
        query.entrySet().stream()
            .filter(e -> !e.getValue().isEmpty())
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    URI target = base.resolve(parameters.isEmpty() ? path : path + "?" + parameters);
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(target).timeout(Duration.ofSeconds(15)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw CommandFailure.failed(message(response));
      }
      return new ObjectMapper().readTree(response.body());
    } catch (IOException e) {
      throw CommandFailure.unreachable(
          "the control plane "
              + name
              + " does not answer: "
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted");
    }
  }

  private static String message(HttpResponse<String> response) {
    try {
      JsonNode body = new ObjectMapper().readTree(response.body());
      for (String field : new String[] {"message", "error"}) {
        if (body.path(field).isTextual()) {
          return body.path(field).asText();
        }
      }
    } catch (IOException e) {
      // Not JSON: the text itself is the message.
    }
    return response.body().isBlank()
        ? "the control plane answered " + response.statusCode() + " for " + response.uri().getPath()
        : response.body().strip();
  }
}
