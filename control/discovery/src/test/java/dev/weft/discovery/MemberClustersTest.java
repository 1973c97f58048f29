package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.config.ConfigEvent;
import dev.weft.config.SyncState;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an API server that has nothing, and keeps watches open. */
class MemberClustersTest {
  private static final ClusterId EAST = new ClusterId("east");
  private static final int KINDS = 5;

  private final BlockingQueue<ConfigEvent> events = new LinkedBlockingQueue<>();
  private final MemberClusters clusters = new MemberClusters(events::add);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore ended = new Semaphore(0);
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    clusters.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    String query = exchange.getRequestURI().getQuery();
    try (exchange) {
      if (query == null || !query.contains("watch=true")) {
        byte[] list =
            "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}"
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, list.length);
        exchange.getResponseBody().write(list);
        return;
      }
      exchange.sendResponseHeaders(200, 0);
      begun.release();
      while (!Thread.currentThread().isInterrupted()) {
        exchange.getResponseBody().write('\n');
        exchange.getResponseBody().flush();
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
    } finally {
      if (query != null) {
        ended.release();
      }
    }
  }

  private Secret secret(String cluster) {
    String kubeconfig =
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {token: t}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(server.getAddress().getPort());
    return new SecretBuilder()
        .withNewMetadata()
        .withName("istio-remote-secret-" + cluster)
        .endMetadata()
        .addToData(
            cluster,
            Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  @Test
  void a_cluster_whose_secret_is_gone_is_followed_no_more_and_says_so_last() throws Exception {
    clusters.stored(secret("east"));
    assertThat(begun.tryAcquire(KINDS, 20, TimeUnit.SECONDS)).isTrue();
    assertThat(events).contains(new ConfigEvent.ClusterStateChanged(EAST, SyncState.SYNCED, ""));
    assertThat(clusters.api(EAST)).isPresent();

    clusters.removed("istio-remote-secret-east");
    assertThat(clusters.api(EAST)).isEmpty();
    assertThat(clusters.registrations()).isEmpty();
    // The server notices that nobody reads its watches any more.
    assertThat(ended.tryAcquire(KINDS, 20, TimeUnit.SECONDS)).isTrue();
    assertThat(requests).hasValue(2 * KINDS);
    assertThat(events.stream().toList().getLast()).isEqualTo(new ConfigEvent.ClusterRemoved(EAST));
  }

  @Test
  void a_list_without_the_secret_counts_as_its_removal() throws Exception {
    clusters.stored(secret("east"));
    assertThat(begun.tryAcquire(KINDS, 20, TimeUnit.SECONDS)).isTrue();
    clusters.listed(List.of(secret("west")));
    assertThat(clusters.registrations())
        .extracting(MemberClusters.Registration::cluster)
        .containsExactly(new ClusterId("west"));
    assertThat(events).contains(new ConfigEvent.ClusterRemoved(EAST));
    assertThat(ended.tryAcquire(KINDS, 20, TimeUnit.SECONDS)).isTrue();
  }
}
