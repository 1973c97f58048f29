package dev.weft.discovery;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
  private static final int MAX_ERROR_BYTES = 64 << 10;

  private final KubernetesClient client;
  private final String token;

  public KubeApi(KubernetesClient client) {
    this(client, "");
  }

  /**
   * @param token who asks, where the client itself is nobody; empty for whom the client is
   */
  KubeApi(KubernetesClient client, String token) {
    this.client = client;
    this.token = token;
  }

  /** The server refused, or could not be reached. */
  public static final class RefusedException extends IOException {
    private final int status;
    private final String reason;
    private final String next;

    RefusedException(int status, String message) {
      this(status, message, message, "");
    }

    RefusedException(int status, String message, String reason, String next) {
      super(message);
      this.status = status;
      this.reason = reason;
      this.next = next;
    }

    /** What the server itself said; why there is no answer where it said nothing. */
    public String reason() {
      return reason;
    }

    /**
     * Where a list goes on whose moment the server has forgotten (410), with what follows there by
     * now; empty where it does not.
     */
    String next() {
      return next;
    }

    /** The HTTP status; 0 where the server could not be reached. */
    public int status() {
      return status;
    }

    public boolean conflict() {
      return status == 409;
    }

    /** Whether the credentials are good, but lack the right. */
    public boolean forbidden() {
      return status == 403;
    }

    public boolean notFound() {
      return status == 404;
    }
  }

  /** The server's address; it may have a path, under which everything else lies. */
  public URI server() {
    return URI.create(client.getMasterUrl().toString());
  }

  private URI address(String path) {
    String server = client.getMasterUrl().toString();
    return URI.create(
        (server.endsWith("/") ? server.substring(0, server.length() - 1) : server) + path);
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

  /**
   * Server-side apply, without force: where somebody else owns a field with another value, it is
   * refused as a conflict.
   *
   * @param object with apiVersion and kind; fields that the manager applied before and that are not
   *     in it any more are removed
   */
  public Map<String, Object> apply(String path, String manager, Map<String, ?> object)
      throws RefusedException {
    return send("PATCH", path + "?fieldManager=" + manager, "application/apply-patch+yaml", object);
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
    HttpResponse<String> response = exchange(method, path, type, body, String.class);
    Map<String, Object> answer = tree(response.body());
    if (!response.isSuccessful()) {
      throw refused(method, path, response.code(), answer);
    }
    return answer;
  }

  private static RefusedException refused(
      String method, String path, int code, Map<String, Object> answer) {
    Object message = answer.get("message");
    String reason = message == null ? "" : message.toString();
    String next =
        answer.get("metadata") instanceof Map<?, ?> meta && meta.get("continue") instanceof String n
            ? n
            : "";
    return new RefusedException(
        code, method + " " + path + ": " + code + " " + reason, reason, next);
  }

  /**
   * An answer as it comes, such as a watch: only its beginning has to come in time. Reading blocks;
   * closing it ends the request.
   *
   * @param path with query
   */
  InputStream stream(String path) throws RefusedException {
    HttpResponse<InputStream> response = exchange("GET", path, "", null, InputStream.class);
    InputStream body = response.body();
    if (response.isSuccessful()) {
      return body;
    }
    Map<String, Object> answer;
    try (body) {
      answer = tree(new String(body.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      answer = Map.of();
    }
    throw refused("GET", path, response.code(), answer);
  }

  private <T> HttpResponse<T> exchange(
      String method, String path, String type, @Nullable Map<String, ?> body, Class<T> answer)
      throws RefusedException {
    HttpRequest.Builder builder =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(address(path))
            .header("Accept", "application/json")
            .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (!token.isEmpty()) {
      builder.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      builder.method(method, type, Serialization.asJson(body));
    } else if (!method.equals("GET")) {
      builder.method(method, "application/json", "");
    }
    try {
      return client
          .getHttpClient()
          .sendAsync(builder.build(), answer)
          .get(TIMEOUT_SECONDS + 5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(0, "interrupted while waiting for " + server());
    } catch (ExecutionException | TimeoutException e) {
      throw new RefusedException(0, server() + " does not answer: " + reason(e));
    }
  }

  /** What lies at the bottom of a failure. */
  static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> tree(@Nullable String body) {
    if (body == null || body.isBlank() || !body.stripLeading().startsWith("{")) {
      return Map.of();
    }
    return Serialization.unmarshal(body, Map.class);
  }
}
