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
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Asks the control plane's debug port (15014). */
public final class ControlPlane {
  @Option(
      names = "--control-plane",
      paramLabel = "URL",
      description = "Default: $WEFT_CONTROL_PLANE, else the one of the running lab")
  @Nullable URI url;

  /**
   * The JSON at a debug path.
   *
   * @param labUrl the control plane of the lab on this machine, where one runs
   * @throws CommandFailure where nothing answers, or the answer is an error
   */
  public JsonNode get(String path, Map<String, String> query, Supplier<Optional<URI>> labUrl) {
    URI base = base(labUrl);
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
          "the control plane at " + base + " does not answer: " + describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted");
    }
  }

  private static String describe(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
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

  private URI base(Supplier<Optional<URI>> labUrl) {
    if (url != null) {
      return url;
    }
    String environment = System.getenv("WEFT_CONTROL_PLANE");
    if (environment != null && !environment.isBlank()) {
      return URI.create(environment);
    }
    return labUrl
        .get()
        .orElseThrow(
            () ->
                CommandFailure.unreachable(
                    "no control plane known: give --control-plane URL, set WEFT_CONTROL_PLANE, or"
                        + " start a lab (weft lab up)"));
  }
}
