package dev.weft.translate;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.translate.RoleResources.OfService;
import dev.weft.types.ServiceId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Viewpoints of sidecars that nothing but their namespace, their Sidecar or their Telemetry objects
 * tell apart. A service is the same from all of them, where they see it with the same rule: it is
 * looked at once in a snapshot, however many there are. Kept for as long as one of them is at that
 * snapshot. Thread-safe.
 */
final class Neighbours {
  private final Map<ServiceId, Seen> services = new ConcurrentHashMap<>();

  private record Seen(Visible visible, OfService resources) {
    boolean is(Visible other) {
      return visible.service() == other.service() && Objects.equals(visible.rule(), other.rule());
    }
  }

  /**
   * Who they are.
   *
   * @param snapshot one, and not those equal to it: what is compared often should not be deep
   * @param at of any of them
   */
  record Key(MeshSnapshot snapshot, Viewpoint at) {
    Key {
      at =
          new Viewpoint(
              at.role(),
              at.cluster(),
              "",
              at.network(),
              at.networkView(),
              at.labels(),
              at.locality(),
              at.node(),
              at.dnsCapture(),
              at.onDemand(),
              at.byEndpoint(),
              at.dialect(),
              null,
              List.of(),
              null);
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

  /**
   * What there is of a service.
   *
   * @param look makes it, for the first of them
   */
  OfService get(Visible visible, Function<Visible, OfService> look) {
    Seen seen = services.get(visible.service().id());
    if (seen == null || !seen.is(visible)) {
      seen = new Seen(visible, look.apply(visible));
      services.put(visible.service().id(), seen);
    }
    return seen.resources();
  }
}
