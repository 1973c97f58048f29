package dev.weft.redirect.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against an API server that says what this test has written down, once each. */
class PodFeedTest {
  @TempDir Path credentials = Path.of(".");

  private final BlockingQueue<PodEvent> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Boolean> readiness = new LinkedBlockingQueue<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private HttpServer server;
  private Thread feed;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(credentials.resolve("token"), "secret\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    PodFeed pods =
        new PodFeed(
            new ApiServerAccess(address, credentials), "node-1", events, readiness::add, clock);
    feed =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    pods.run();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  @AfterEach
  void stop() throws InterruptedException {
    feed.interrupt();
    server.stop(0);
    feed.join();
    clock.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(exchange.getRequestURI().getQuery() + "|" + header(exchange));
      String answer = answers.take();
      int code = answer.startsWith("{") ? 200 : 403;
      byte[] body = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static @Nullable String header(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("Authorization");
  }

  private static String pod(String uid, int version) {
    return """
    {"metadata":{"uid":"%s","namespace":"shop","name":"%s","resourceVersion":"%d"},\
    "spec":{"initContainers":[{"name":"istio-validation","args":["istio-iptables","-b","*"]}]}}\
    """
        .formatted(uid, uid, version);
  }

  private static NodePod read(String uid) {
    return new NodePod(uid, "shop/" + uid, List.of("-b", "*"), Map.of(), false);
  }

  private static String list(int version, String... pods) {
    return "{\"metadata\":{\"resourceVersion\":\"%d\"},\"items\":[%s]}"
        .formatted(version, String.join(",", pods));
  }

  private static String event(String type, String object) {
    return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object);
  }

  private PodEvent next() throws InterruptedException {
    PodEvent event = events.poll(60, TimeUnit.SECONDS);
    assertThat(event).as("an event; asked was %s", asked).isNotNull();
    return event;
  }

  @Test
  void pods_of_the_node_are_listed_and_watched_from_where_the_last_watch_ended()
      throws InterruptedException {
    answers.add(list(5, pod("a", 3)));
    answers.add(event("ADDED", pod("b", 6)) + event("DELETED", pod("a", 7)));
    answers.add(event("MODIFIED", pod("b", 9)));
    assertThat(next()).isEqualTo(new PodEvent.All(List.of(read("a"))));
    assertThat(next()).isEqualTo(new PodEvent.Changed(read("b")));
    assertThat(next()).isEqualTo(new PodEvent.Gone("a"));
    assertThat(next()).isEqualTo(new PodEvent.Changed(read("b")));
    assertThat(readiness.take()).isTrue();
    assertThat(asked.get(0)).isEqualTo("fieldSelector=spec.nodeName=node-1|Bearer secret");
    assertThat(asked.get(1)).contains("watch=true", "resourceVersion=5");
    assertThat(asked.get(2)).contains("resourceVersion=7");
  }

  @Test
  void a_version_that_the_server_has_forgotten_means_another_list() throws InterruptedException {
    answers.add(list(5));
    answers.add(event("ERROR", "{\"code\":410}"));
    answers.add(list(8, pod("a", 8)));
    assertThat(next()).isEqualTo(new PodEvent.All(List.of()));
    assertThat(next()).isEqualTo(new PodEvent.All(List.of(read("a"))));
  }

  @Test
  void who_may_not_list_pods_is_not_ready_until_it_may() throws InterruptedException {
    answers.add("forbidden");
    answers.add(list(1));
    assertThat(readiness.take()).isFalse();
    assertThat(readiness.take()).isTrue();
  }
}
