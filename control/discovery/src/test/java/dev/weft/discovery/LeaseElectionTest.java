package dev.weft.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.config.ControlIdentity;
import dev.weft.testkit.SimulatedClock;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas and a real API server on loopback. */
class LeaseElectionTest {
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/weft-control-leader";
  private static final LeaseElection.Terms TERMS = LeaseElection.Terms.usual();

  @TempDir Path directory;
  private final SimulatedClock clock = new SimulatedClock();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private ApiServer server;
  private KubernetesClient client;
  private KubeApi api;

  @BeforeEach
  void start() throws IOException {
    server =
        ApiServer.open(
            new ApiServerSettings("mesh", directory, 0, List.of()),
            new NoPods(),
            (namespace, service, port) -> {
              throw new IOException("no services here");
            });
    server.start();
    client = Kubeconfigs.client(server.kubeconfig("test", "https://127.0.0.1:" + server.port()));
    api = new KubeApi(client);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    client.close();
    server.close();
  }

  private LeaseElection replica(KubeApi api, String name) {
    Leadership leadership = new Leadership();
    leadership.whileLeading(
        () -> {
          events.add(name + " writes");
          return () -> events.add(name + " has ended");
        });
    LeaseElection election =
        new LeaseElection(
            api,
            ControlIdentity.hosted("istio-system"),
            name,
            TERMS,
            leadership,
            () -> events.add(name + " follows"),
            clock);
    election.start();
    open.add(election);
    return election;
  }

  private String next() throws InterruptedException {
    return Objects.requireNonNull(events.poll(60, TimeUnit.SECONDS));
  }

  /** What happens when time passes. */
  private String later() {
    clock.passUntil("an event", Duration.ofMillis(500), () -> !events.isEmpty());
    return events.remove();
  }

  @Test
  void one_replica_writes_and_another_goes_on_as_soon_as_it_ends_in_good_order() throws Exception {
    LeaseElection first = replica(api, "a");
    assertThat(next()).isEqualTo("a writes");
    LeaseElection second = replica(api, "b");
    assertThat(next()).isEqualTo("b follows");
    first.close();
    assertThat(next()).isEqualTo("a has ended");
    assertThat(later()).isEqualTo("b writes");
    assertThat(api.get(LEASE).toString()).contains("holderIdentity=b", "leaseTransitions=2");
    second.close();
    assertThat(api.get(LEASE).toString()).contains("holderIdentity=,");
  }

  @Test
  void the_lease_of_a_replica_that_vanished_runs_out() throws Exception {
    lease("gone", TERMS.lease());
    LeaseElection other = replica(api, "b");
    assertThat(next()).isEqualTo("b follows");
    clock.pass(TERMS.lease().minusSeconds(1));
    assertThat(events).isEmpty();
    // Nobody renews it, so that it runs out.
    assertThat(later()).isEqualTo("b writes");
    other.close();
    assertThat(next()).isEqualTo("b has ended");
  }

  @Test
  void a_replica_that_comes_back_under_its_name_has_its_lease_at_once() throws Exception {
    lease("a", Duration.ofHours(1));
    replica(api, "a");
    assertThat(next()).isEqualTo("a writes");
  }

  private void lease(String holder, Duration length) throws IOException {
    Map<String, Object> namespace =
        api.create("/api/v1/namespaces", Map.of("metadata", Map.of("name", "istio-system")));
    Map<String, Object> lease =
        api.create(
            LEASE.substring(0, LEASE.lastIndexOf('/')),
            new Lease("", length, "", "", 0, Map.of("name", "weft-control-leader"))
                .takenBy(holder, length, Instant.now())
                .object());
    assertThat(List.of(namespace, lease)).doesNotContainNull();
  }

  @Test
  void a_leader_that_cannot_renew_stops_writing_before_its_lease_is_over() throws Exception {
    LeaseElection only = replica(api, "a");
    assertThat(next()).isEqualTo("a writes");
    long began = clock.nanos();
    server.stop();
    assertThat(later()).isEqualTo("a has ended");
    assertThat(Duration.ofNanos(clock.nanos() - began)).isGreaterThanOrEqualTo(TERMS.renew());
    assertThat(next()).isEqualTo("a follows");
    server.start();
    assertThat(later()).isEqualTo("a writes");
    only.close();
  }

  @Test
  void who_may_not_use_leases_follows_and_leads_once_it_may() throws Exception {
    try (FakeApi forbidding = new FakeApi()) {
      forbidding.at(LEASE, 403, "{\"message\":\"leases are forbidden\"}");
      try (KubernetesClient poor =
          Kubeconfigs.client(
              """
              clusters: [{name: c, cluster: {server: "%s"}}]
              users: [{name: u, user: {token: t}}]
              contexts: [{name: x, context: {cluster: c, user: u}}]
              current-context: x
              """
                  .formatted(forbidding.address()))) {
        LeaseElection election = replica(new KubeApi(poor), "a");
        assertThat(next()).isEqualTo("a follows");
        forbidding.at(
            LEASE,
            200,
            "{\"metadata\":{\"name\":\"weft-control-leader\"},\"spec\":{\"holderIdentity\":\"\"}}");
        assertThat(later()).isEqualTo("a writes");
        election.close();
      }
    }
  }
}
