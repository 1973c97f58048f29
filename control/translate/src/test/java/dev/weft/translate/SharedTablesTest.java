package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.ServiceTable.Advanced;
import dev.weft.types.ServiceId;
import dev.weft.xds.VersionedResource;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who sees the same has the same, and it is made once. */
class SharedTablesTest {
  private static final int STEPS = 100;

  private final SortedMap<ServiceId, Visible> everything = new TreeMap<>();
  private final List<ServiceId> looks = new ArrayList<>();
  private final SharedTables sharedTables = new SharedTables();

  SharedTablesTest() throws IOException {
    Set<String> hosts = new HashSet<>();
    snapshot()
        .services()
        .forEach(
            (id, service) -> {
              // Two of one host would have one cluster.
              if (hosts.add(service.hostname())) {
                everything.put(id, new Visible(service, null));
              }
            });
    assertThat(everything).hasSizeGreaterThan(1);
  }

  private static MeshSnapshot snapshot() throws IOException {
    RandomMesh mesh = new RandomMesh(1);
    for (int step = 0; step < STEPS; step++) {
      mesh.step();
    }
    return mesh.file().snapshot();
  }

  private OfService look(Visible visible) {
    looks.add(visible.service().id());
    return of(visible, "a");
  }

  private OfService lookLater(Visible visible) {
    looks.add(visible.service().id());
    return of(visible, "b");
  }

  private static OfService of(Visible visible, String content) {
    // Of two services with one host, which no viewpoint sees together.
    String name = visible.service().id().toString();
    Cluster cluster = Cluster.newBuilder().setName(name).setAltStatName(content).build();
    return new OfService(List.of(VersionedResource.of(name, cluster)), List.of());
  }

  @Test
  void the_same_services_are_one_table_and_each_is_looked_at_once() {
    ServiceTable one = sharedTables.whole(everything, this::look);
    assertThat(sharedTables.whole(new TreeMap<>(everything), this::look)).isSameAs(one);
    assertThat(looks).containsExactlyInAnyOrderElementsOf(everything.keySet());
  }

  @Test
  void who_sees_less_has_a_table_of_that() {
    ServiceTable all = sharedTables.whole(everything, this::look);
    Map<ServiceId, Visible> less = new TreeMap<>(everything);
    less.remove(everything.firstKey());
    looks.clear();
    ServiceTable table = sharedTables.whole(less, this::look);
    assertThat(looks).isEmpty();
    assertThat(table.ids()).isEqualTo(less.keySet());
    assertThat(table.of(XdsType.CLUSTER)).hasSize(less.size());
    assertThat(all.ids()).isEqualTo(everything.keySet());
    assertThat(sharedTables.whole(less, this::look)).isSameAs(table);
  }

  @Test
  void from_one_table_all_go_on_to_one() {
    ServiceTable before = sharedTables.whole(everything, this::look);
    looks.clear();
    Visible other = everything.firstEntry().getValue();
    ServiceId id = other.service().id();
    Map<ServiceId, Optional<Visible>> again = Map.of(id, Optional.of(other));
    SharedTables later = new SharedTables();
    Advanced advanced = later.advance(before, again, this::lookLater);
    assertThat(later.advance(before, new TreeMap<>(again), this::lookLater)).isSameAs(advanced);
    assertThat(looks).containsExactly(id);
    assertThat(advanced.changes().names())
        .isEqualTo(Map.of(XdsType.CLUSTER, Set.of(other.service().id().toString())));
    // Whoever comes now begins with it.
    assertThat(later.whole(everything, this::lookLater)).isSameAs(advanced.table());
    assertThat(looks).containsExactly(id);
  }
}
