package dev.weft.prometheus;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** Asks a server over HTTP. Thread-safe. */
final class HttpPrometheus {
  private static final int MAX_BYTES = 64 << 20;

  private final PrometheusServer server;
  private final HttpClient http;

  HttpPrometheus(PrometheusServer server, HttpClient http) {
    this.server = server;
    this.http = http;
  }

  PrometheusServer server() {
    return server;
  }

  /**
   * A query, at one moment or for a range.
   *
   * @param path {@code query} or {@code query_range}
   * @return what the server warns of
   */
  List<String> ask(String path, Map<String, String> parameters, SampleSink sink, Room room)
      throws PrometheusException, InterruptedException {
    Map<String, String> all = new LinkedHashMap<>(server.parameters());
    all.putAll(parameters);
    all.put("timeout", server.timeout().toMillis() + "ms");
    try (InputStream body = get("/api/v1/" + path, all)) {
      return AnswerReader.read(body, sink, room);
    } catch (IOException e) {
      throw new PrometheusException(reason(e));
    }
  }

  /** A page of the server, as it is; empty where it has no such page. */
  Optional<String> page(String path) throws PrometheusException, InterruptedException {
    try (InputStream body = get(path, Map.of())) {
      return Optional.of(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    } catch (NoSuchPageException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new PrometheusException(reason(e));
    }
  }

  private static final class NoSuchPageException extends IOException {}

  private InputStream get(String path, Map<String, String> parameters)
      throws IOException, InterruptedException, PrometheusException {
    String base = server.url().toString();
    String query =
        parameters.entrySet().stream()
            .map(p -> encoded(p.getKey()) + "=" + encoded(p.getValue()))
            .collect(Collectors.joining("&"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(
                    (base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                        + path
                        + (query.isEmpty() ? "" : "?" + query)))
            .timeout(server.timeout())
            .header("Accept", "application/json");
    server.access().authorization().ifPresent(a -> request.header("Authorization", a));
    server.access().headers().forEach(request::header);
    HttpResponse<InputStream> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    InputStream body = new Bounded(response.body());
    // Prometheus explains what it refuses with 400, 422 and 503, in JSON like an answer.
    boolean explained =
        response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
    if (response.statusCode() == 200 || explained && response.statusCode() != 401) {
      return body;
    }
    body.close();
    switch (response.statusCode()) {
      case 404 -> throw new NoSuchPageException();
      case 401, 403 ->
          throw new PrometheusException(
              "it answers %d: check authorization or basic_auth".formatted(response.statusCode()));
      default -> throw new PrometheusException("it answers " + response.statusCode());
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String reason(IOException e) {
    return switch (e) {
      case NoSuchPageException gone -> "it has no /api/v1 below its url (404): check url";
      case HttpTimeoutException late ->
          "it did not answer within %s ms".formatted(server.timeout().toMillis());
      case ConnectException away -> "it cannot be reached";
      case SSLException tls -> "TLS: %s; check tls_config.ca".formatted(tls.getMessage());
      default -> "the connection broke: " + e.getMessage();
    };
  }

  /** Ends an answer that is too long. */
  private static final class Bounded extends FilterInputStream {
    private int left = MAX_BYTES;

    private Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      return read < 0 ? read : counted(1, read);
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      int read = super.read(into, at, length);
      return read < 0 ? read : counted(read, read);
    }

    private int counted(int bytes, int result) throws IOException {
      left -= bytes;
      if (left < 0) {
        throw new IOException("it answers with more than 64 MiB; narrow it by query_scope");
      }
      return result;
    }
  }
}
