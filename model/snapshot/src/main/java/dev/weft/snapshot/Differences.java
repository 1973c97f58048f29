package dev.weft.snapshot;

import dev.weft.config.ConfigObject;
import dev.weft.config.ObjectRef;
import dev.weft.config.SharedMap;
import dev.weft.types.ServiceId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** In what two snapshots differ. Parts that are the same object are not looked into. */
final class Differences {
  private Differences() {}

  static SnapshotDelta between(MeshSnapshot before, MeshSnapshot after) {
    boolean first = before.version() == 0;
    Set<ServiceId> services = new TreeSet<>();
    Set<ServiceId> beyond = new TreeSet<>();
    SharedMap.compare(
        before.services(),
        after.services(),
        (id, was, is) -> {
          services.add(id);
          if (was == null || is == null || !was.equalsExceptEndpoints(is)) {
            beyond.add(id);
          }
        });
    return new SnapshotDelta(
        first || !before.settings().equals(after.settings()),
        first || !before.networkGateways().equals(after.networkGateways()),
        of(before.peerAuthentications().byNamespace(), after.peerAuthentications().byNamespace()),
        before.accessPolicies().changedIn(after.accessPolicies()),
        before.destinationRules().changedIn(after.destinationRules()),
        of(before.gateways(), after.gateways()),
        of(before.virtualServices(), after.virtualServices()),
        of(before.istioGateways(), after.istioGateways()),
        of(before.sidecars(), after.sidecars()),
        of(before.telemetries(), after.telemetries()),
        of(before.envoyFilters(), after.envoyFilters()),
        of(before.namespaces(), after.namespaces()),
        of(before.credentials(), after.credentials()),
        of(before.clusters(), after.clusters()),
        services,
        beyond,
        of(before.workloads(), after.workloads()));
  }

  private static <K extends Comparable<? super K>, V> Set<K> of(Map<K, V> before, Map<K, V> after) {
    Set<K> keys = new TreeSet<>();
    if (before != after) {
      SharedMap.compare(before, after, (key, was, is) -> keys.add(key));
    }
    return keys;
  }

  private static Set<ObjectRef> of(Sidecars before, Sidecars after) {
    return before == after ? Set.of() : of(before.all(), after.all());
  }

  private static Set<ObjectRef> of(Telemetries before, Telemetries after) {
    return before == after ? Set.of() : of(before.all(), after.all());
  }

  private static Set<ObjectRef> of(EnvoyFilters before, EnvoyFilters after) {
    return before == after ? Set.of() : of(before.all(), after.all());
  }

  private static <T extends ConfigObject> Set<ObjectRef> of(List<T> before, List<T> after) {
    return before == after ? Set.of() : of(byRef(before), byRef(after));
  }

  private static <T extends ConfigObject> Map<ObjectRef, T> byRef(List<T> objects) {
    Map<ObjectRef, T> byRef = new HashMap<>();
    objects.forEach(o -> byRef.put(o.ref(), o));
    return byRef;
  }
}
