package dev.weft.translate;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.RouteTableInputs.Host;
import dev.weft.translate.ServiceTable.Advanced;
import dev.weft.translate.ServiceTable.Seen;
import dev.weft.types.ServiceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tables of sidecars' viewpoints that nothing but a namespace, a Sidecar or Telemetry objects
 * tell apart, at one snapshot. A service is the same from all of them, where they see it with the
 * same rule: it is looked at once, and those that see the same services have one table of them.
 * Kept for as long as one of them is at that snapshot. Thread-safe.
 */
final class SharedTables {
  // The following is guarded by this.
  private final Map<ServiceId, Seen> looks = new HashMap<>();
  private final Map<From, Advanced> made = new HashMap<>();
  private final Map<PortOf, Host> hosts = new HashMap<>();
  private @Nullable ServiceTable some;

  /**
   * Whose tables they are.
   *
   * @param snapshot this one, and not one that is equal to it: what is compared often should not be
   *     deep
   * @param at of any of them
   */
  record Key(MeshSnapshot snapshot, Viewpoint at) {
    Key {
      at = at.anywhere();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && snapshot == key.snapshot && at.equals(key.at);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(snapshot) + at.hashCode();
    }
  }

  private record PortOf(ServiceId service, int port) {}

  /** What a later table is made of. */
  private record From(ServiceTable was, Map<ServiceId, Optional<Visible>> now) {
    @Override
    public boolean equals(Object other) {
      return other instanceof From from && was == from.was && now.equals(from.now);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(was) + now.keySet().hashCode();
    }
  }

  /**
   * The table of somebody who has none yet.
   *
   * @param look what there is of a service
   */
  ServiceTable whole(Map<ServiceId, Visible> visible, Function<Visible, OfService> look) {
    ServiceTable one = some(visible, look);
    Map<ServiceId, Optional<Visible>> differences = one.differences(visible);
    return differences.isEmpty() ? one : advance(one, differences, look).table();
  }

  private ServiceTable some(Map<ServiceId, Visible> visible, Function<Visible, OfService> look) {
    synchronized (this) {
      if (some != null) {
        return some;
      }
    }
    Map<ServiceId, Optional<Visible>> all = new HashMap<>();
    visible.forEach((id, each) -> all.put(id, Optional.of(each)));
    return advance(ServiceTable.EMPTY, all, look).table();
  }

  /**
   * The table of somebody who had one at an earlier snapshot.
   *
   * @param now services that may be different since
   * @param look what there is of a service
   */
  Advanced advance(
      ServiceTable was, Map<ServiceId, Optional<Visible>> now, Function<Visible, OfService> look) {
    Advanced advanced = once(made, new From(was, now), () -> was.with(seen(now, look)));
    synchronized (this) {
      some = advanced.table();
    }
    return advanced;
  }

  /** Two threads may make the same, of which one is kept, but none waits for another. */
  private <K, V> V once(Map<K, V> known, K key, Supplier<V> make) {
    synchronized (this) {
      V there = known.get(key);
      if (there != null) {
        return there;
      }
    }
    V own = make.get();
    synchronized (this) {
      V there = known.putIfAbsent(key, own);
      return there == null ? own : there;
    }
  }

  /** A virtual host of a service's port that is the same from all of the viewpoints. */
  Host host(ServiceId service, int port, Supplier<Host> make) {
    return once(hosts, new PortOf(service, port), make);
  }

  private Map<ServiceId, Optional<Seen>> seen(
      Map<ServiceId, Optional<Visible>> visible, Function<Visible, OfService> look) {
    Map<ServiceId, Optional<Seen>> seen = new HashMap<>();
    visible.forEach((id, each) -> seen.put(id, each.map(v -> seen(v, look))));
    return seen;
  }

  private Seen seen(Visible visible, Function<Visible, OfService> look) {
    ServiceId id = visible.service().id();
    synchronized (this) {
      Seen known = looks.get(id);
      if (known != null && known.isOf(visible)) {
        return known;
      }
    }
    Seen first = new Seen(visible, look.apply(visible));
    synchronized (this) {
      looks.put(id, first);
    }
    return first;
  }
}
