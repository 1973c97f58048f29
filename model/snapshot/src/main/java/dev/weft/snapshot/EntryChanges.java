package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeService;
import dev.weft.config.ServiceEntry;
import dev.weft.config.WorkloadEntry;
import dev.weft.types.ServiceId;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The services that changes of ServiceEntries, and of what these select, are about. */
final class EntryChanges {
  private EntryChanges() {}

  static Set<ServiceId> concerned(
      ConfigChanges changes,
      ConfigSet config,
      Entries entries,
      Map<WorkloadKey, Workload> before,
      Map<WorkloadKey, Workload> now) {
    Set<ServiceId> ids = new TreeSet<>();
    for (ServiceEntry entry : changes.serviceEntries()) {
      ids.addAll(Entries.ids(entry));
    }
    for (WorkloadEntry entry : changes.workloadEntries()) {
      Map<String, String> labels = entry.workload().labels();
      ids.addAll(entries.selecting(entry.meta().namespace(), labels));
      services(config, entry, ids);
    }
    for (WorkloadKey key : changes.workloads()) {
      selecting(entries, before.get(key), ids);
      selecting(entries, now.get(key), ids);
    }
    return ids;
  }

  private static void selecting(Entries entries, @Nullable Workload pod, Set<ServiceId> ids) {
    if (pod != null) {
      ids.addAll(entries.selecting(pod.key().namespace(), pod.labels()));
    }
  }

  private static void services(ConfigSet config, WorkloadEntry entry, Set<ServiceId> ids) {
    for (ClusterFacts facts : config.clusters().values()) {
      for (KubeService service : facts.services().values()) {
        if (service.id().namespace().equals(entry.meta().namespace())
            && Entries.has(entry.workload().labels(), service.selector())) {
          ids.add(service.id());
        }
      }
    }
  }
}
