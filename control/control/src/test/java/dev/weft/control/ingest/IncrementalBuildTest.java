package dev.weft.control.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.Discovered;
import dev.weft.config.MeshSettings;
import dev.weft.config.ObjectRef;
import dev.weft.snapshot.Credentials;
import dev.weft.snapshot.MergedDestinationRule;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.RuleKey;
import dev.weft.snapshot.SnapshotBuilder;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.snapshot.Workload;
import dev.weft.snapshot.WorkloadKey;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * After events at random, what is built of their changes is what would be built of everything.
 * {@code WEFT_RANDOM_STEPS} asks for more of them.
 */
class IncrementalBuildTest {
  private static final int STEPS =
      Integer.parseInt(System.getenv().getOrDefault("WEFT_RANDOM_STEPS", "1500"));
  private static final int STEPS_OF_A_MESH = 500;

  @Test
  void after_any_event_the_snapshot_and_its_delta_are_those_of_a_build_from_scratch() {
    for (int done = 0; done < STEPS; done += STEPS_OF_A_MESH) {
      live(20260301L + done);
    }
  }

  /** In this mesh a pod's name waits for an address that the end of another cluster sets free. */
  @Test
  void who_was_without_an_address_gets_one_that_becomes_free() {
    live(20269301L);
  }

  private static void live(long seed) {
    RandomMesh mesh = new RandomMesh(seed);
    ConfigStore store = new ConfigStore(MeshSettings.defaults());
    SnapshotBuilder.Built last = SnapshotBuilder.Built.nothing(MeshSettings.defaults());
    SnapshotDelta sum = SnapshotBuilder.everything(last.snapshot());
    MeshSnapshot start = last.snapshot();
    for (int step = 0; step < STEPS_OF_A_MESH; step++) {
      ConfigEvent event = mesh.next();
      store.apply(event);
      ConfigSet config = store.toSet();
      SnapshotBuilder.Built next = SnapshotBuilder.build(config, last);
      MeshSnapshot scratch = SnapshotBuilder.build(copied(config), last.snapshot()).snapshot();
      String when = "seed %d, step %d: %s".formatted(seed, step, event);
      assertThat(config).as(when).isEqualTo(Discovered.of(store.everything()).seen());
      assertThat(next.snapshot()).as(when).isEqualTo(scratch);
      assertThat(next.delta()).as(when).isEqualTo(compared(last.snapshot(), scratch));
      assertThat(next.snapshot().servicesByWorkload())
          .as(when)
          .isEqualTo(servicesByWorkload(scratch));
      sharesWhatIsEqual(last.snapshot(), next.snapshot(), when);
      if (!Credentials.mayDiffer(last.snapshot(), next.snapshot(), next.delta())) {
        assertThat(Credentials.wanted(next.snapshot()))
            .as(when)
            .isEqualTo(Credentials.wanted(last.snapshot()));
      }
      if (step % 50 == 0) {
        start = next.snapshot();
        sum = next.delta();
      } else {
        sum = sum.and(next.delta());
        assertThat(sum.services())
            .as(when)
            .containsAll(compared(start, next.snapshot()).services());
      }
      last = next;
    }
  }

  /** The same content of which nothing is shared with any other. */
  private static ConfigSet copied(ConfigSet config) {
    Map<ClusterId, ClusterFacts> clusters = new TreeMap<>();
    config
        .clusters()
        .forEach(
            (id, f) ->
                clusters.put(
                    id,
                    new ClusterFacts(
                        id,
                        f.state(),
                        f.message(),
                        new LinkedHashMap<>(f.services()),
                        new LinkedHashMap<>(f.slices()),
                        new LinkedHashMap<>(f.pods()),
                        new LinkedHashMap<>(f.nodes()),
                        new LinkedHashMap<>(f.namespaces()))));
    return new ConfigSet(
        config.settings(),
        clusters,
        new LinkedHashMap<>(config.objects()),
        new LinkedHashMap<>(config.namespaces()),
        config.diagnostics(),
        new LinkedHashMap<>(config.resolved()),
        new LinkedHashMap<>(config.credentials()),
        new LinkedHashMap<>(config.keySets()),
        new LinkedHashMap<>(config.generations()));
  }

  private static SnapshotDelta compared(MeshSnapshot before, MeshSnapshot after) {
    boolean first = before.version() == 0;
    Set<ServiceId> services = differing(before.services(), after.services());
    return new SnapshotDelta(
        first || !before.settings().equals(after.settings()),
        first || !before.networkGateways().equals(after.networkGateways()),
        differing(
            before.peerAuthentications().byNamespace(), after.peerAuthentications().byNamespace()),
        accessPolicies(before, after),
        differing(rules(before), rules(after)),
        differing(byRef(before.gateways()), byRef(after.gateways())),
        differing(byRef(before.virtualServices()), byRef(after.virtualServices())),
        differing(byRef(before.istioGateways()), byRef(after.istioGateways())),
        differing(sidecars(before), sidecars(after)),
        differing(telemetries(before), telemetries(after)),
        differing(byRef(before.envoyFilters().all()), byRef(after.envoyFilters().all())),
        differing(before.namespaces(), after.namespaces()),
        differing(before.credentials(), after.credentials()),
        differing(before.clusters(), after.clusters()),
        services,
        services.stream()
            .filter(
                id ->
                    !Objects.equals(
                        bare(before.services().get(id)), bare(after.services().get(id))))
            .collect(Collectors.toSet()),
        differing(before.workloads(), after.workloads()));
  }

  private static Set<String> accessPolicies(MeshSnapshot before, MeshSnapshot after) {
    Set<String> namespaces =
        differing(before.accessPolicies().authorization(), after.accessPolicies().authorization());
    namespaces.addAll(
        differing(
            before.accessPolicies().authentication(), after.accessPolicies().authentication()));
    return namespaces;
  }

  private static @Nullable MeshService bare(@Nullable MeshService service) {
    return service == null ? null : service.withEndpoints(List.of());
  }

  private static <K, V> Set<K> differing(Map<K, V> before, Map<K, V> after) {
    Set<K> keys = new HashSet<>(before.keySet());
    keys.addAll(after.keySet());
    keys.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
    return keys;
  }

  private static Map<RuleKey, List<MergedDestinationRule>> rules(MeshSnapshot snapshot) {
    return snapshot.destinationRules().all().stream()
        .collect(Collectors.groupingBy(r -> new RuleKey(r.namespace(), r.host())));
  }

  private static Map<ObjectRef, ConfigObject> byRef(Collection<? extends ConfigObject> objects) {
    return objects.stream().collect(Collectors.toMap(ConfigObject::ref, Function.identity()));
  }

  private static Map<ObjectRef, ConfigObject> sidecars(MeshSnapshot snapshot) {
    return byRef(
        snapshot.sidecars().byNamespace().values().stream().flatMap(List::stream).toList());
  }

  private static Map<ObjectRef, ConfigObject> telemetries(MeshSnapshot snapshot) {
    return byRef(
        snapshot.telemetries().byNamespace().values().stream().flatMap(List::stream).toList());
  }

  private static Map<WorkloadKey, List<ServiceId>> servicesByWorkload(MeshSnapshot snapshot) {
    Map<WorkloadKey, List<ServiceId>> found = new TreeMap<>();
    for (WorkloadKey key : snapshot.workloads().keySet()) {
      List<ServiceId> services =
          snapshot.services().values().stream()
              .filter(s -> s.endpoints().stream().anyMatch(e -> stands(e.workload(), key)))
              .map(MeshService::id)
              .toList();
      if (!services.isEmpty()) {
        found.put(key, services);
      }
    }
    return found;
  }

  private static boolean stands(@Nullable Workload workload, WorkloadKey key) {
    return workload != null && workload.key().equals(key);
  }

  private static void sharesWhatIsEqual(MeshSnapshot before, MeshSnapshot after, String when) {
    shared(before.services(), after.services(), when);
    shared(before.workloads(), after.workloads(), when);
    shared(before.clusters(), after.clusters(), when);
    Map<RuleKey, List<MergedDestinationRule>> rules = rules(before);
    for (MergedDestinationRule now : after.destinationRules().all()) {
      rules.getOrDefault(new RuleKey(now.namespace(), now.host()), List.of()).stream()
          .filter(now::equals)
          .forEach(was -> assertThat(now).as(when).isSameAs(was));
    }
  }

  private static <K, V> void shared(Map<K, V> before, Map<K, V> after, String when) {
    after.forEach(
        (key, value) -> {
          V was = before.get(key);
          if (value.equals(was)) {
            assertThat(value).as(when).isSameAs(was);
          }
        });
  }
}
