package dev.weft.control.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigKind;
import dev.weft.config.Diagnostic;
import dev.weft.config.KubeFact;
import dev.weft.config.KubeNamespace;
import dev.weft.config.KubeService;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings;
import dev.weft.config.MeshSettingsParser;
import dev.weft.config.ObjectMeta;
import dev.weft.config.ObjectRef;
import dev.weft.config.SyncState;
import dev.weft.snapshot.MemberCluster;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.Observed;
import dev.weft.testkit.SimulatedClock;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import dev.weft.types.ServiceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngestTest {
  private static final ClusterId WEST = new ClusterId("west");
  private static final ClusterId EAST = new ClusterId("east");

  private static final Duration STEP = Duration.ofMillis(50);

  private final BlockingQueue<MeshSnapshot> snapshots = new LinkedBlockingQueue<>();
  private final SimulatedClock clock = new SimulatedClock();
  private Ingest ingest = start(Duration.ofHours(1));

  private Ingest start(Duration firstSnapshot) {
    Ingest started = new Ingest(MeshSettings.defaults(), firstSnapshot, clock);
    started.subscribe((snapshot, delta) -> snapshots.add(snapshot));
    started.start();
    return started;
  }

  @AfterEach
  void stop() {
    ingest.close();
  }

  private MeshSnapshot next() throws InterruptedException {
    clock.passUntil("a snapshot", STEP, () -> !snapshots.isEmpty());
    return snapshots.take();
  }

  private static KubeService service(String name, String ip) {
    return new KubeService(
        new ServiceId("default", name),
        Map.of(),
        Map.of(),
        Instant.EPOCH,
        KubeService.Type.CLUSTER_IP,
        List.of(ip),
        false,
        "",
        List.of(),
        List.of(),
        Map.of(),
        List.of(new KubeService.Port("http", 80, "TCP", "", "80", 0)),
        false,
        false);
  }

  private static ConfigEvent state(ClusterId cluster, SyncState state) {
    return new ConfigEvent.ClusterStateChanged(cluster, state, "");
  }

  private static ConfigEvent listed(ClusterId cluster, KubeService... services) {
    return new ConfigEvent.FactsListed(cluster, KubeFact.Kind.SERVICE, List.of(services));
  }

  @Test
  void the_first_snapshot_waits_for_the_config_api_and_for_every_cluster() throws Exception {
    ingest.accept(state(WEST, SyncState.SYNCING));
    ingest.accept(state(EAST, SyncState.SYNCING));
    ingest.accept(listed(WEST, service("cart", "10.96.0.1")));
    ingest.accept(state(WEST, SyncState.SYNCED));
    ingest.accept(new ConfigEvent.MeshApiStateChanged(SyncState.SYNCED, ""));
    ingest.accept(listed(EAST, service("rates", "10.96.0.1")));
    assertThat(ingest.ready()).isFalse();
    ingest.accept(state(EAST, SyncState.SYNCED));
    assertThat(next().services())
        .containsOnlyKeys(new ServiceId("default", "cart"), new ServiceId("default", "rates"));
    assertThat(ingest.awaitReady(Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void a_cluster_that_never_answers_holds_the_first_snapshot_back_for_a_bounded_time()
      throws Exception {
    ingest.close();
    ingest = start(Ingest.FIRST_SNAPSHOT);
    ingest.accept(state(EAST, SyncState.SYNCING));
    ingest.accept(new ConfigEvent.MeshApiStateChanged(SyncState.SYNCED, ""));
    assertThat(next().clusters()).containsOnlyKeys(EAST);
    assertThat(Duration.ofNanos(clock.nanos())).isGreaterThanOrEqualTo(Ingest.FIRST_SNAPSHOT);
  }

  @Test
  void the_first_snapshot_waits_until_names_of_gateways_have_been_looked_up() throws Exception {
    ingest.close();
    ingest = new Ingest(MeshSettings.defaults(), Duration.ofHours(1), clock);
    BlockingQueue<SortedSet<String>> asked = new LinkedBlockingQueue<>();
    ingest.resolveBy(asked::add);
    ingest.subscribe((snapshot, delta) -> snapshots.add(snapshot));
    ingest.start();
    Map<String, ?> gateway = Map.of("address", "lb.example.com", "port", 15443);
    Map<String, ?> networks =
        Map.of("networks", Map.of("network2", Map.of("gateways", List.of(gateway))));
    ingest.accept(
        new ConfigEvent.SettingsChanged(
            MeshSettingsParser.read(Map.of(), networks, MeshSettings.defaults()).settings(),
            List.of()));
    ingest.accept(new ConfigEvent.MeshApiStateChanged(SyncState.SYNCED, ""));
    clock.passUntil("a question for names", STEP, () -> !asked.isEmpty());
    assertThat(ingest.ready()).isFalse();
    ingest.accept(new ConfigEvent.HostsResolved(Map.of("lb.example.com", List.of("192.0.2.1"))));
    assertThat(next().networkGateways().all()).hasSize(1);
  }

  private static ConfigEvent remembered(ClusterId cluster, KubeService... services) {
    Map<KubeFact.Key, KubeService> map = new TreeMap<>();
    for (KubeService service : services) {
      map.put(service.key(), service);
    }
    return new ConfigEvent.ClusterRemembered(
        new ClusterFacts(
            cluster, SyncState.LAST_KNOWN, "", map, Map.of(), Map.of(), Map.of(), Map.of()),
        Instant.EPOCH);
  }

  private static MemberCluster east(MeshSnapshot snapshot) {
    return Objects.requireNonNull(snapshot.clusters().get(EAST));
  }

  private static ConfigEvent failing(ClusterId cluster) {
    return new ConfigEvent.ClusterStateChanged(cluster, SyncState.SYNCING, "it does not answer");
  }

  @Test
  void a_cluster_that_does_not_answer_is_what_it_was_until_it_has_been_read_as_a_whole()
      throws Exception {
    ingest.accept(remembered(EAST, service("rates", "10.96.0.1"), service("old", "10.96.0.2")));
    ingest.accept(remembered(WEST, service("gone", "10.96.0.3")));
    ingest.accept(state(EAST, SyncState.SYNCING));
    ingest.accept(new ConfigEvent.MeshApiStateChanged(SyncState.SYNCED, ""));
    assertThat(ingest.ready()).isFalse();
    ingest.accept(failing(EAST));
    MeshSnapshot first = next();
    assertThat(first.services())
        .containsOnlyKeys(new ServiceId("default", "rates"), new ServiceId("default", "old"));
    assertThat(first.clusters()).containsOnlyKeys(EAST);
    assertThat(east(first).state()).isEqualTo(SyncState.LAST_KNOWN);
    assertThat(east(first).message())
        .contains("it does not answer", "what was known last", "1970-01-01T00:00:00Z");

    // The services alone are not the whole.
    ingest.accept(listed(EAST, service("rates", "10.96.0.9")));
    ingest.accept(state(WEST, SyncState.SYNCED));
    assertThat(next().services()).isEqualTo(first.services());
    ingest.accept(state(EAST, SyncState.SYNCED));
    MeshSnapshot read = next();
    assertThat(read.services()).containsOnlyKeys(new ServiceId("default", "rates"));
    assertThat(east(read).state()).isEqualTo(SyncState.SYNCED);
    assertThat(east(read).message()).isEmpty();
  }

  @Test
  void a_cluster_with_unusable_credentials_is_what_it_was() throws Exception {
    ingest.accept(remembered(EAST, service("rates", "10.96.0.1")));
    ingest.accept(new ConfigEvent.ClusterStateChanged(EAST, SyncState.REJECTED, "bad kubeconfig"));
    ingest.accept(new ConfigEvent.MeshApiStateChanged(SyncState.SYNCED, ""));
    MeshSnapshot first = next();
    assertThat(first.services()).containsOnlyKeys(new ServiceId("default", "rates"));
    assertThat(east(first).message()).startsWith("bad kubeconfig; ");
  }

  @Test
  void a_cluster_that_left_is_not_remembered_when_it_comes_again() throws Exception {
    ingest.accept(remembered(EAST, service("rates", "10.96.0.1")));
    ingest.accept(failing(EAST));
    ingest.accept(new ConfigEvent.MeshApiStateChanged(SyncState.SYNCED, ""));
    assertThat(next().services()).hasSize(1);
    ingest.accept(new ConfigEvent.ClusterRemoved(EAST));
    assertThat(next().services()).isEmpty();
    ingest.accept(failing(EAST));
    MeshSnapshot again = next();
    assertThat(east(again).state()).isEqualTo(SyncState.SYNCING);
    assertThat(again.services()).isEmpty();
  }

  @Test
  void who_subscribes_late_gets_everything_at_once() throws Exception {
    ingest.accept(new ConfigEvent.MeshApiStateChanged(SyncState.SYNCED, ""));
    ingest.accept(listed(WEST, service("cart", "10.96.0.1")));
    ingest.accept(state(WEST, SyncState.SYNCED));
    MeshSnapshot first = next();
    BlockingQueue<List<Object>> late = new LinkedBlockingQueue<>();
    ingest.subscribe(
        (snapshot, delta) -> late.add(List.of(snapshot, delta.services(), delta.settings())));
    assertThat(late.poll(60, TimeUnit.SECONDS))
        .containsExactly(first, Set.of(new ServiceId("default", "cart")), true);
  }

  @Test
  void a_refused_object_leaves_the_one_before_in_force() throws Exception {
    ObjectRef ref = new ObjectRef(ConfigKind.MEMBER_CLUSTER, "", "west");
    MemberClusterSpec member =
        new MemberClusterSpec(
            ObjectMeta.of(ConfigKind.MEMBER_CLUSTER, "", "west"),
            new NetworkId("n1"),
            false,
            null,
            false);
    ingest.accept(new ConfigEvent.ObjectStored(member, List.of()));
    ingest.accept(new ConfigEvent.MeshApiStateChanged(SyncState.SYNCED, ""));
    ingest.accept(state(WEST, SyncState.SYNCED));
    assertThat(next().networkOf(WEST)).isEqualTo(new NetworkId("n1"));
    BlockingQueue<Observed> observed = new LinkedBlockingQueue<>();
    ingest.subscribeFindings(observed::add);
    ingest.accept(
        new ConfigEvent.ObjectRefused(
            ref, 2, List.of(Diagnostic.error("invalid-field", "x", "spec.network", "bad"))));
    Observed refused = found(observed, "invalid-field");
    assertThat(refused.snapshot().networkOf(WEST)).isEqualTo(new NetworkId("n1"));
    assertThat(ingest.findings()).isEqualTo(refused.findings());
    ingest.accept(new ConfigEvent.ObjectsListed(ConfigKind.MEMBER_CLUSTER, List.of()));
    assertThat(next().networkOf(WEST)).isEqualTo(NetworkId.UNNAMED);
    assertThat(found(observed, "").findings()).isEmpty();
  }

  /** The first in which nothing but one code is found. */
  private Observed found(BlockingQueue<Observed> observed, String code)
      throws InterruptedException {
    Set<String> wanted = code.isEmpty() ? Set.of() : Set.of(code);
    while (true) {
      clock.passUntil("findings", STEP, () -> !observed.isEmpty());
      Observed news = observed.take();
      if (news.findings().stream()
          .map(Diagnostic::code)
          .collect(Collectors.toSet())
          .equals(wanted)) {
        return news;
      }
    }
  }

  @Test
  void a_fresh_list_replaces_what_was_known_of_its_kind() throws Exception {
    ingest.accept(new ConfigEvent.MeshApiStateChanged(SyncState.SYNCED, ""));
    ingest.accept(listed(WEST, service("cart", "10.96.0.1"), service("old", "10.96.0.2")));
    ingest.accept(state(WEST, SyncState.SYNCED));
    MeshSnapshot first = next();
    ingest.accept(listed(WEST, service("cart", "10.96.0.1")));
    MeshSnapshot second = next();
    ServiceId cart = new ServiceId("default", "cart");
    assertThat(second.services()).containsOnlyKeys(cart);
    assertThat(second.services().get(cart)).isSameAs(first.services().get(cart));
  }

  private static ConfigEvent labelled(String value) {
    return new ConfigEvent.FactStored(
        WEST, new KubeNamespace("default", Map.of("env", value), false));
  }

  private static ConfigEvent selecting(String value) {
    return new ConfigEvent.SettingsChanged(
        MeshSettingsParser.read(
                Map.of("discoverySelectors", List.of(Map.of("matchLabels", Map.of("env", value)))),
                Map.of(),
                MeshSettings.defaults())
            .settings(),
        List.of());
  }

  @Test
  void a_namespace_comes_and_goes_with_its_labels_and_with_the_selectors() throws Exception {
    ServiceId cart = new ServiceId("default", "cart");
    ingest.accept(selecting("prod"));
    ingest.accept(labelled("test"));
    ingest.accept(listed(WEST, service("cart", "10.96.0.1")));
    ingest.accept(state(WEST, SyncState.SYNCED));
    ingest.accept(new ConfigEvent.MeshApiStateChanged(SyncState.SYNCED, ""));
    assertThat(next().services()).isEmpty();
    ingest.accept(labelled("prod"));
    assertThat(next().services()).containsOnlyKeys(cart);
    ingest.accept(labelled("test"));
    assertThat(next().services()).isEmpty();
    ingest.accept(selecting("test"));
    assertThat(next().services()).containsOnlyKeys(cart);
  }
}
