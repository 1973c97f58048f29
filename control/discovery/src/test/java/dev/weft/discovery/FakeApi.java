package dev.weft.discovery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * An API server on loopback that answers what it was told to: nothing in every list, unless a
 * request has an answer of its own. Watches stay open.
 */
final class FakeApi implements AutoCloseable {
  private static final String EMPTY = "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, List<BlockingQueue<String>>> watches = new ConcurrentHashMap<>();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

  private record Answer(int status, String body) {}

  /**
   * A request.
   *
   * @param target path and query
   */
  record Asked(String target, String authorization) {}

  FakeApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on the target gets that answer. */
  FakeApi at(String target, int status, String body) {
    answers.put(target, new Answer(status, body));
    return this;
  }

  /** Takes an answer back. */
  void ordinary(String target) {
    answers.remove(target);
  }

  /** Only requests with that token are answered. */
  void onlyToken(String token) {
    tokens.put("token", "Bearer " + token);
  }

  /** Whoever watches the path is told of an event. */
  void happens(String path, String event) {
    watches.getOrDefault(path, List.of()).forEach(watch -> watch.add(event));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestURI().toString();
    String authorization =
        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
    asked.add(new Asked(target, authorization));
    try (exchange) {
      Answer answer = answers.get(target);
      if (!tokens.getOrDefault("token", authorization).equals(authorization)) {
        send(exchange, new Answer(401, "{\"message\":\"Unauthorized\"}"));
      } else if (answer != null) {
        send(exchange, answer);
      } else if (target.contains("watch=true")) {
        watch(exchange);
      } else {
        send(exchange, new Answer(200, EMPTY));
      }
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  private void watch(HttpExchange exchange) throws IOException {
    BlockingQueue<String> happening = new LinkedBlockingQueue<>();
    watches
        .computeIfAbsent(exchange.getRequestURI().getPath(), path -> new CopyOnWriteArrayList<>())
        .add(happening);
    exchange.sendResponseHeaders(200, 0);
    while (!Thread.currentThread().isInterrupted()) {
      String event = Objects.requireNonNullElse(happening.poll(), "");
      exchange.getResponseBody().write((event + "\n").getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
