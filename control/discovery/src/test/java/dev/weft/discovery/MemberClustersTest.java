package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ControlIdentity;
import dev.weft.config.Diagnostic;
import dev.weft.config.SyncState;
import dev.weft.loop.Clock;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
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
  private final MemberClusters clusters =
      new MemberClusters(events::add, ControlIdentity.hosted("istio-system"), Clock.system());
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
      if (query != null && query.contains("watch=true")) {
        ended.release();
      }
    }
  }

  private Secret secret(String cluster) {
    return secret(cluster, "http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static Secret secret(String cluster, String address) {
    return secret(cluster, address, "t");
  }

  private static Secret secret(String cluster, String address, String token) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName("istio-remote-secret-" + cluster)
        .endMetadata()
        .addToData(
            cluster,
            Base64.getEncoder()
                .encodeToString(kubeconfig(address, token).getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  private static String kubeconfig(String address, String token) {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: c, cluster: {server: "%s"}}]
    users: [{name: u, user: {token: "%s"}}]
    contexts: [{name: x, context: {cluster: c, user: u}}]
    current-context: x
    """
        .formatted(address, token);
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

  @Test
  void new_credentials_take_over_without_a_gap_and_end_the_connections_of_those_before()
      throws Exception {
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    clusters.stored(secret("east", address, "first"));
    assertThat(begun.tryAcquire(KINDS, 20, TimeUnit.SECONDS)).isTrue();
    clusters.stored(secret("east", address, "second"));
    assertThat(begun.tryAcquire(KINDS, 20, TimeUnit.SECONDS)).isTrue();
    assertThat(ended.tryAcquire(KINDS, 20, TimeUnit.SECONDS)).isTrue();
    assertThat(events)
        .noneMatch(
            e ->
                e instanceof ConfigEvent.ClusterRemoved
                    || e instanceof ConfigEvent.FactRemoved
                    || e instanceof ConfigEvent.ClusterStateChanged changed
                        && changed.state() == SyncState.LOST);
  }

  private static final String FORBIDDEN = "{\"message\":\"not allowed\"}";

  @Test
  void a_cluster_whose_nodes_may_not_be_read_is_synced_without_them_and_says_so() throws Exception {
    try (FakeApi api = new FakeApi()) {
      api.at("/api/v1/nodes?limit=500", 403, FORBIDDEN);
      clusters.stored(secret("east", api.address()));
      ConfigEvent.ClusterStateChanged synced = state(SyncState.SYNCED);
      assertThat(synced.message())
          .isEqualTo(
              "the credentials may not read nodes, so that its endpoints may have no locality;"
                  + " grant get, list and watch");
      api.ordinary("/api/v1/nodes?limit=500");
      assertThat(state(SyncState.SYNCED).message()).isEmpty();
    }
  }

  @Test
  void a_cluster_whose_pods_may_not_be_read_is_rejected_until_they_may() throws Exception {
    try (FakeApi api = new FakeApi()) {
      api.at("/api/v1/pods?limit=500", 403, FORBIDDEN);
      clusters.stored(secret("east", api.address()));
      assertThat(state(SyncState.REJECTED).message())
          .contains("may not read pods")
          .contains("grant get, list and watch");
      api.ordinary("/api/v1/pods?limit=500");
      assertThat(state(SyncState.SYNCED).message()).isEmpty();
    }
  }

  /** The next event that puts the cluster into a state. */
  private ConfigEvent.ClusterStateChanged state(SyncState state) throws InterruptedException {
    while (true) {
      ConfigEvent event = events.poll(60, TimeUnit.SECONDS);
      assertThat(event).as("an event with state %s", state).isNotNull();
      if (event instanceof ConfigEvent.ClusterStateChanged changed && changed.state() == state) {
        return changed;
      }
    }
  }

  @Test
  void the_own_cluster_is_a_member_and_a_secret_that_names_it_changes_nothing() throws Exception {
    ControlIdentity control = new ControlIdentity(Optional.of(EAST), "default", "istio-system", "");
    try (FakeApi api = new FakeApi();
        KubernetesClient client = Kubeconfigs.client(kubeconfig(api.address(), "t"))) {
      KubeApi own = new KubeApi(client);
      try (MemberClusters members = new MemberClusters(events::add, control, Clock.system())) {
        members.followOwn(own);
        assertThat(state(SyncState.SYNCED).cluster()).isEqualTo(EAST);
        members.stored(secret("east"));
        members.removed("istio-remote-secret-east");
        assertThat(members.api(EAST)).containsSame(own);
        assertThat(members.registrations())
            .containsExactly(new MemberClusters.Registration(EAST, "", ""));
        assertThat(requests).hasValue(0);
      }
      // The client is that of the mesh, which goes on.
      assertThat(own.get("/api/v1/namespaces")).isPresent();
    }
  }

  @Test
  void credentials_that_are_refused_leave_those_before_in_force_until_better_ones_come()
      throws Exception {
    try (FakeApi api = new FakeApi()) {
      api.onlyToken("first");
      clusters.stored(secret("east", api.address(), "first"));
      assertThat(state(SyncState.SYNCED).message()).isEmpty();
      KubeApi first = clusters.api(EAST).orElseThrow();

      clusters.stored(secret("east", api.address(), "wrong"));
      assertThat(state(SyncState.SYNCED).message())
          .contains("the new credentials in the secret istio-remote-secret-east are not in use")
          .contains("Unauthorized");
      staysInForce(first, api, "before");
      clusters.stored(secret("east", api.address(), "wrong too"));
      staysInForce(first, api, "after");

      api.onlyToken("second");
      clusters.stored(secret("east", api.address(), "second"));
      while (!noticed().isEmpty()) {
        assertThat(clusters.api(EAST)).isPresent();
      }
      assertThat(next(ConfigEvent.FactsListed.class).cluster()).isEqualTo(EAST);
      assertThat(state(SyncState.SYNCED).message()).isEmpty();
      assertThat(clusters.api(EAST)).isPresent().get().isNotSameAs(first);
    }
  }

  private void staysInForce(KubeApi first, FakeApi api, String namespace)
      throws InterruptedException {
    assertThat(noticed()).extracting(Diagnostic::code).containsExactly("credentials-not-in-use");
    assertThat(clusters.api(EAST)).containsSame(first);
    // What happens in the cluster is still followed.
    api.happens("/api/v1/namespaces", namespace(namespace));
    assertThat(next(ConfigEvent.FactStored.class).fact().key().name()).isEqualTo(namespace);
  }

  private static String namespace(String name) {
    return "{\"type\":\"ADDED\",\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{"
        + "\"name\":\"%s\",\"resourceVersion\":\"2\"}}}".formatted(name);
  }

  /** What is wrong with the credentials of the cluster, when that changes next. */
  private List<Diagnostic> noticed() throws InterruptedException {
    while (true) {
      ConfigEvent.Noticed noticed = next(ConfigEvent.Noticed.class);
      if (noticed.source().equals("Credentials of east")) {
        return noticed.diagnostics();
      }
    }
  }

  private <E extends ConfigEvent> E next(Class<E> kind) throws InterruptedException {
    while (true) {
      ConfigEvent event = events.poll(60, TimeUnit.SECONDS);
      assertThat(event).as("a %s", kind.getSimpleName()).isNotNull();
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
    }
  }
}
