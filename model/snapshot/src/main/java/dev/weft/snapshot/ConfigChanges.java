package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigKind;
import dev.weft.config.ConfigObject;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeEndpointSlice;
import dev.weft.config.KubeNode;
import dev.weft.config.KubePod;
import dev.weft.config.KubeService;
import dev.weft.config.ServiceEntry;
import dev.weft.config.SharedMap;
import dev.weft.config.SyncState;
import dev.weft.config.WorkloadEntry;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** In what a set of configuration differs from an earlier one. Confined to one build. */
final class ConfigChanges {
  private final Set<ConfigKind> kinds = EnumSet.noneOf(ConfigKind.class);
  private final List<ServiceEntry> serviceEntries = new ArrayList<>();
  private final List<WorkloadEntry> workloadEntries = new ArrayList<>();
  private final List<Change<KubePod>> pods = new ArrayList<>();
  private final List<Change<KubeService>> services = new ArrayList<>();
  private final List<Change<KubeEndpointSlice>> slices = new ArrayList<>();
  private final Set<WorkloadKey> onMovedNodes = new TreeSet<>();
  private final Set<ServiceId> besideMovedNodes = new TreeSet<>();
  private boolean nodes;
  private boolean networks;

  private ConfigChanges() {}

  /** A fact that is new ({@code was} is null), gone or different. */
  record Change<F>(ClusterId cluster, @Nullable F was, @Nullable F is) {}

  static ConfigChanges between(ConfigSet before, ConfigSet after) {
    ConfigChanges changes = new ConfigChanges();
    SharedMap.compare(
        before.objects(),
        after.objects(),
        (r, was, is) -> {
          changes.kinds.add(r.kind());
          changes.add(was);
          changes.add(is);
        });
    changes.networks =
        changes.kinds.contains(ConfigKind.MEMBER_CLUSTER)
            || !before.clusters().keySet().equals(after.clusters().keySet());
    Set<ClusterId> all = new TreeSet<>(before.clusters().keySet());
    all.addAll(after.clusters().keySet());
    for (ClusterId id : all) {
      ClusterFacts was = before.clusters().getOrDefault(id, nothing(id));
      ClusterFacts is = after.clusters().getOrDefault(id, nothing(id));
      if (was != is) {
        changes.add(was, is, after.settings().rootNamespace());
      }
    }
    return changes;
  }

  private void add(@Nullable ConfigObject object) {
    if (object instanceof ServiceEntry entry) {
      serviceEntries.add(entry);
    } else if (object instanceof WorkloadEntry entry) {
      workloadEntries.add(entry);
    }
  }

  private static ClusterFacts nothing(ClusterId id) {
    return new ClusterFacts(
        id, SyncState.SYNCING, "", Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
  }

  private void add(ClusterFacts before, ClusterFacts after, String rootNamespace) {
    ClusterId id = after.id();
    SharedMap.compare(
        before.pods(), after.pods(), (key, was, is) -> pods.add(new Change<>(id, was, is)));
    SharedMap.compare(
        before.services(),
        after.services(),
        (key, was, is) -> services.add(new Change<>(id, was, is)));
    SharedMap.compare(
        before.slices(), after.slices(), (key, was, is) -> slices.add(new Change<>(id, was, is)));
    networks |=
        !Objects.equals(
            before.namespaces().get(rootNamespace), after.namespaces().get(rootNamespace));
    Set<String> moved = new HashSet<>();
    Set<String> zones = new HashSet<>();
    SharedMap.compare(
        before.nodes(),
        after.nodes(),
        (name, was, is) -> {
          nodes = true;
          if (!locality(was).equals(locality(is))) {
            moved.add(name);
            zones.add(locality(was).zone());
            zones.add(locality(is).zone());
          }
        });
    if (!moved.isEmpty()) {
      on(moved, zones, after);
    }
  }

  private static Locality locality(@Nullable KubeNode node) {
    return node == null ? Locality.UNKNOWN : node.locality();
  }

  private void on(Set<String> moved, Set<String> zones, ClusterFacts facts) {
    for (KubePod pod : facts.pods().values()) {
      if (moved.contains(pod.node())) {
        onMovedNodes.add(new WorkloadKey(facts.id(), pod.namespace(), pod.name()));
      }
    }
    for (KubeEndpointSlice slice : facts.slices().values()) {
      if (slice.endpoints().stream()
          .anyMatch(
              e ->
                  moved.contains(e.node())
                      || (zones.contains(e.zone()) && !facts.nodes().containsKey(e.node())))) {
        besideMovedNodes.add(new ServiceId(slice.namespace(), slice.service()));
      }
    }
  }

  /** The kinds of objects of the config API that differ. */
  Set<ConfigKind> kinds() {
    return kinds;
  }

  /** Those that differ, as they were and as they are. */
  List<ServiceEntry> serviceEntries() {
    return serviceEntries;
  }

  /** Those that differ, as they were and as they are. */
  List<WorkloadEntry> workloadEntries() {
    return workloadEntries;
  }

  List<Change<KubePod>> pods() {
    return pods;
  }

  List<Change<KubeService>> services() {
    return services;
  }

  List<Change<KubeEndpointSlice>> slices() {
    return slices;
  }

  /** Whether a node differs in anything. */
  boolean nodes() {
    return nodes;
  }

  /** Whether something differs of which networks are made, beside the settings. */
  boolean networks() {
    return networks;
  }

  /** The workloads that may differ: their pods do, or their nodes are somewhere else. */
  Set<WorkloadKey> workloads() {
    Set<WorkloadKey> keys = new TreeSet<>(onMovedNodes);
    for (Change<KubePod> change : pods) {
      KubePod pod = change.is() == null ? change.was() : change.is();
      if (pod != null) {
        keys.add(new WorkloadKey(change.cluster(), pod.namespace(), pod.name()));
      }
    }
    return keys;
  }

  /** The services whose own objects differ, or whose endpoints stand on nodes that have moved. */
  Set<ServiceId> serviceIds() {
    Set<ServiceId> ids = new TreeSet<>(besideMovedNodes);
    for (Change<KubeService> change : services) {
      KubeService service = change.is() == null ? change.was() : change.is();
      if (service != null) {
        ids.add(service.id());
      }
    }
    return ids;
  }

  /** Whether services came or went, or one that is there has another age or type. */
  boolean declarations() {
    return !serviceEntries.isEmpty()
        || services.stream()
            .anyMatch(
                c -> {
                  KubeService was = c.was();
                  KubeService is = c.is();
                  return was == null
                      || is == null
                      || was.type() != is.type()
                      || !was.created().equals(is.created());
                });
  }
}
