package dev.weft.snapshot;

import dev.weft.config.ConfigSet;
import dev.weft.config.Copies;
import dev.weft.config.ServiceEntry;
import dev.weft.config.WorkloadEntry;
import dev.weft.types.ServiceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * ServiceEntries and WorkloadEntries by what is asked of them. A host that several ServiceEntries
 * of a namespace declare is that of the oldest.
 *
 * @param byId each host of each ServiceEntry, by its namespace
 * @param selecting by namespace, those with a selector
 * @param workloads WorkloadEntries by namespace
 */
record Entries(
    Map<ServiceId, ServiceEntry> byId,
    EntryHosts hosts,
    Map<String, List<ServiceEntry>> selecting,
    Map<String, List<WorkloadEntry>> workloads) {
  static final Entries NONE = new Entries(Map.of(), EntryHosts.NONE, Map.of(), Map.of());

  Entries {
    byId = Copies.map(byId);
    selecting = Copies.map(selecting);
    workloads = Copies.map(workloads);
  }

  static Entries of(ConfigSet config) {
    Map<ServiceId, ServiceEntry> byId = new TreeMap<>();
    Map<String, List<ServiceEntry>> selecting = new LinkedHashMap<>();
    List<ServiceEntry> oldestFirst =
        config.all(ServiceEntry.class).stream()
            .sorted(
                Comparator.comparing((ServiceEntry e) -> e.meta().created())
                    .thenComparing(ServiceEntry::ref))
            .toList();
    for (ServiceEntry entry : oldestFirst) {
      ids(entry).forEach(id -> byId.putIfAbsent(id, entry));
      if (!entry.selector().isEmpty()) {
        selecting.computeIfAbsent(entry.meta().namespace(), n -> new ArrayList<>()).add(entry);
      }
    }
    Map<String, List<WorkloadEntry>> workloads = new LinkedHashMap<>();
    config
        .all(WorkloadEntry.class)
        .forEach(
            w -> workloads.computeIfAbsent(w.meta().namespace(), n -> new ArrayList<>()).add(w));
    return new Entries(byId, EntryHosts.of(byId), selecting, workloads);
  }

  /** The services that a ServiceEntry declares. */
  static List<ServiceId> ids(ServiceEntry entry) {
    return entry.hosts().stream().map(h -> id(entry.meta().namespace(), h)).toList();
  }

  /** A host without a dot gets one at its end: without it, it would be named like a Service. */
  private static ServiceId id(String namespace, String host) {
    return new ServiceId(namespace, host.indexOf('.') < 0 ? host + "." : host);
  }

  /** The host of a service that a ServiceEntry declares. */
  static String host(ServiceId id) {
    String name = id.name();
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** Whether a host is to have an address of the mesh. */
  static boolean allocates(ServiceId id, ServiceEntry entry) {
    return entry.autoAllocate()
        && entry.addresses().isEmpty()
        && entry.resolution() != ServiceEntry.Resolution.NONE
        && !host(id).startsWith("*");
  }

  /** The WorkloadEntries of a namespace with some labels, in the order of their names. */
  List<WorkloadEntry> workloads(String namespace, Map<String, String> selector) {
    return workloads.getOrDefault(namespace, List.of()).stream()
        .filter(w -> has(w.workload().labels(), selector))
        .toList();
  }

  /** The services of ServiceEntries that select a workload of the namespace. */
  Set<ServiceId> selecting(String namespace, Map<String, String> labels) {
    Set<ServiceId> ids = new TreeSet<>();
    for (ServiceEntry entry : selecting.getOrDefault(namespace, List.of())) {
      if (has(labels, entry.selector())) {
        ids.addAll(ids(entry));
      }
    }
    return ids;
  }

  /** Whether a selector selects a workload; one without labels selects none. */
  static boolean has(Map<String, String> labels, Map<String, String> selector) {
    return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
  }
}
