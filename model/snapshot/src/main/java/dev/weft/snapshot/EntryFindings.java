package dev.weft.snapshot;

import dev.weft.config.ConfigSet;
import dev.weft.config.Diagnostic;
import dev.weft.config.ServiceEntry;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.function.Predicate;

/** Hosts of ServiceEntries that are somebody else's, too, and selectors that select nothing. */
final class EntryFindings {
  private static final String HOSTS = "spec.hosts";

  private EntryFindings() {}

  static void add(ConfigSet config, MeshSnapshot snapshot, List<Diagnostic> findings) {
    Entries entries = Entries.of(config);
    for (ServiceEntry entry : config.all(ServiceEntry.class)) {
      String object = entry.ref().toString();
      for (ServiceId id : Entries.ids(entry)) {
        ServiceEntry meant = entries.byId().getOrDefault(id, entry);
        if (!meant.ref().equals(entry.ref())) {
          findings.add(
              Diagnostic.warning(
                  "host-declared-twice",
                  object,
                  HOSTS,
                  Entries.host(id)
                      + " is a host of "
                      + meant.ref()
                      + ", which is older and counts: put the ports and endpoints of both into one"));
        } else if (snapshot.clusterName(Entries.host(id)).flatMap(snapshot::service).isPresent()) {
          findings.add(
              Diagnostic.warning(
                  "host-declared-twice",
                  object,
                  HOSTS,
                  Entries.host(id)
                      + " is a Service, which counts for who may see it: for more endpoints of it"
                      + " write WorkloadEntries that it selects, else take another host"));
        }
      }
      if (!entry.selector().isEmpty() && Entries.ids(entry).stream().allMatch(empty(snapshot))) {
        findings.add(
            Diagnostic.warning(
                FindingCode.SELECTS_NOTHING,
                object,
                "spec.workloadSelector.labels",
                "no pod and no WorkloadEntry of namespace "
                    + entry.meta().namespace()
                    + " has the labels "
                    + entry.selector()
                    + ", so nobody answers there: correct the labels"));
      }
    }
  }

  private static Predicate<ServiceId> empty(MeshSnapshot snapshot) {
    return id -> snapshot.service(id).map(s -> s.endpoints().isEmpty()).orElse(true);
  }
}
