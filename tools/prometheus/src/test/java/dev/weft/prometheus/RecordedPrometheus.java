package dev.weft.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** Answers what a Prometheus once answered, by a word that is in the query. */
final class RecordedPrometheus implements AutoCloseable {
  private static final String NOTHING =
      "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Reply> replies = new HashMap<>();
  private final HttpServer server;

  /** A query that came. */
  record Asked(String path, Map<String, String> parameters, Map<String, String> headers) {
    String query() {
      return parameters.getOrDefault("query", "");
    }
  }

  private record Reply(int status, String body) {}

  RecordedPrometheus() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Answers queries with this word in them by a file. */
  RecordedPrometheus recorded(String word, String file) {
    return says(word, 200, resource(file));
  }

  RecordedPrometheus says(String word, int status, String body) {
    replies.put(word, new Reply(status, body));
    return this;
  }

  static String resource(String file) {
    try (InputStream in = RecordedPrometheus.class.getResourceAsStream("/recorded/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no recorded answer " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    Map<String, String> parameters = new HashMap<>();
    String raw = exchange.getRequestURI().getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    Map<String, String> headers = new HashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    Asked one = new Asked(exchange.getRequestURI().getPath(), parameters, headers);
    asked.add(one);
    Reply reply =
        replies.entrySet().stream()
            .filter(r -> one.query().contains(r.getKey()) || one.path().endsWith(r.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(new Reply(200, NOTHING));
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
