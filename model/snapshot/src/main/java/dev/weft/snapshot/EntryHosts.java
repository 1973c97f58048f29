package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.ServiceEntry;
import dev.weft.types.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The services of ServiceEntries by their host names: in several namespaces there may be one of the
 * same host, and of those that a client may see the oldest one is meant. Istio:
 * pilot/pkg/model/sidecar.go.
 *
 * @param byHost the oldest first
 */
public record EntryHosts(Map<String, List<ServiceId>> byHost) {
  public static final EntryHosts NONE = new EntryHosts(Map.of());

  public EntryHosts {
    byHost = Copies.map(byHost);
  }

  private record Aged(Instant created, ServiceId id) {}

  private static final Comparator<Aged> OLDEST =
      Comparator.comparing(Aged::created).thenComparing(Aged::id);

  static EntryHosts of(Map<ServiceId, ServiceEntry> entries) {
    return of(
        entries.entrySet().stream().map(e -> new Aged(e.getValue().meta().created(), e.getKey())));
  }

  /** Those among some services. */
  static EntryHosts declared(Map<ServiceId, MeshService> services) {
    return of(
        services.values().stream()
            .filter(service -> service.entry().isPresent())
            .map(service -> new Aged(service.created(), service.id())));
  }

  private static EntryHosts of(Stream<Aged> services) {
    Map<String, List<Aged>> byHost = new TreeMap<>();
    services.forEach(
        each -> byHost.computeIfAbsent(Entries.host(each.id()), h -> new ArrayList<>()).add(each));
    Map<String, List<ServiceId>> sorted = new TreeMap<>();
    byHost.forEach(
        (host, ids) -> sorted.put(host, ids.stream().sorted(OLDEST).map(Aged::id).toList()));
    return new EntryHosts(sorted);
  }

  /** Those of a host, the oldest first. */
  public List<ServiceId> of(String host) {
    return byHost.getOrDefault(host, List.of());
  }
}
