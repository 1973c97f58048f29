package dev.weft.discovery;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An API server as a place of JSON objects under paths, for those who write into it. Objects are
 * neutral trees of maps, lists, strings, numbers and booleans.
 */
public final class KubeApi {
  private static final long TIMEOUT_SECONDS = 15;

  private final KubernetesClient client;

  public KubeApi(KubernetesClient client) {
    this.client = client;
  }

  /** The server refused, or could not be reached. */
  public static final class RefusedException extends IOException {
    private final int status;

    RefusedException(int status, String message) {
      super(message);
      this.status = status;
    }

    /** The HTTP status; 0 where the server could not be reached. */
    public int status() {
      return status;
    }

    public boolean conflict() {
      return status == 409;
    }

    public boolean notFound() {
      return status == 404;
    }
  }

  /** The server's address. */
  public URI server() {
    return URI.create(client.getMasterUrl().toString());
  }

  /**
   * Reads an object, or a list.
   *
   * @param path such as {@code /api/v1/namespaces/default}
   */
  public Optional<Map<String, Object>> get(String path) throws RefusedException {
    try {
      return Optional.of(send("GET", path, "", null));
    } catch (RefusedException e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Creates an object in the collection at the path. */
  public Map<String, Object> create(String path, Map<String, ?> object) throws RefusedException {
    return send("POST", path, "application/json", object);
  }

  /** Replaces an object; with a resource version in it, only that version. */
  public Map<String, Object> replace(String path, Map<String, ?> object) throws RefusedException {
    return send("PUT", path, "application/json", object);
  }

  /** Changes the fields that are named (RFC 7386). */
  public Map<String, Object> merge(String path, Map<String, ?> fields) throws RefusedException {
    return send("PATCH", path, "application/merge-patch+json", fields);
  }

  /** Deletes an object; one that is not there is fine. */
  public void delete(String path) throws RefusedException {
    try {
      send("DELETE", path, "", null);
    } catch (RefusedException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  private Map<String, Object> send(
      String method, String path, String type, @Nullable Map<String, ?> body)
      throws RefusedException {
    HttpRequest.Builder builder =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(server().resolve(path))
            .header("Accept", "application/json")
            .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (body != null) {
      builder.method(method, type, Serialization.asJson(body));
    } else if (!method.equals("GET")) {
      builder.method(method, "application/json", "");
    }
    HttpResponse<String> response;
    try {
      response =
          client
              .getHttpClient()
              .sendAsync(builder.build(), String.class)
              .get(TIMEOUT_SECONDS + 5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(0, "interrupted while waiting for " + server());
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new RefusedException(0, server() + " does not answer: " + cause.getMessage());
    }
    Map<String, Object> answer = tree(response.body());
    if (!response.isSuccessful()) {
      Object message = answer.get("message");
      throw new RefusedException(
          response.code(),
          method + " " + path + ": " + response.code() + " " + (message == null ? "" : message));
    }
    return answer;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> tree(@Nullable String body) {
    if (body == null || body.isBlank() || !body.stripLeading().startsWith("{")) {
      return Map.of();
    }
    return Serialization.unmarshal(body, Map.class);
  }
}
