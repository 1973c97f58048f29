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

  /** Instead of a piece of an answer. */
  static final String CUT = "";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, List<BlockingQueue<String>>> watches = new ConcurrentHashMap<>();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private final Map<String, Pieces> pieces = new ConcurrentHashMap<>();
  final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

  private record Answer(int status, String body) {}

  private record Pieces(int length, BlockingQueue<String> queue) {}

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
    pieces.remove(target);
  }

  /**
   * From now on the target gets an answer piece by piece, as they are put there; {@link #CUT} ends
   * the connection before the end of the answer.
   *
   * @param length of the whole answer in bytes
   */
  BlockingQueue<String> inPieces(String target, int length) {
    Pieces answer = new Pieces(length, new LinkedBlockingQueue<>());
    pieces.put(target, answer);
    return answer.queue();
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
    BlockingQueue<String> happening = new LinkedBlockingQueue<>();
    if (target.contains("watch=true")) {
      watches
          .computeIfAbsent(exchange.getRequestURI().getPath(), path -> new CopyOnWriteArrayList<>())
          .add(happening);
    }
    asked.add(new Asked(target, authorization));
    try (exchange) {
      Answer answer = answers.get(target);
      Pieces inPieces = pieces.get(target);
      if (!tokens.getOrDefault("token", authorization).equals(authorization)) {
        send(exchange, new Answer(401, "{\"message\":\"Unauthorized\"}"));
      } else if (answer != null) {
        send(exchange, answer);
      } else if (inPieces != null) {
        send(exchange, inPieces);
      } else if (target.contains("watch=true")) {
        watch(exchange, happening);
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

  private static void send(HttpExchange exchange, Pieces pieces) throws IOException {
    exchange.sendResponseHeaders(200, pieces.length());
    try {
      int left = pieces.length();
      while (left > 0) {
        byte[] piece = pieces.queue().take().getBytes(StandardCharsets.UTF_8);
        if (piece.length == 0) {
          return;
        }
        exchange.getResponseBody().write(piece);
        exchange.getResponseBody().flush();
        left -= piece.length;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void watch(HttpExchange exchange, BlockingQueue<String> happening)
      throws IOException {
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
