package dev.weft.translate;

import dev.weft.snapshot.AliasTarget;
import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The ExternalName Services that a proxy sees, as further names of the services and pods that they
 * stand for: their hosts are served with the routes of those, and a route to one of them leads
 * there.
 */
final class Aliases {
  private final Map<String, String> targets = new HashMap<>();
  private final Map<String, List<MeshService>> byTarget = new HashMap<>();

  Aliases(ProxyView view) {
    MeshSnapshot snapshot = view.snapshot();
    for (MeshService service : snapshot.services().values()) {
      if (AliasTarget.isAlias(snapshot, service) && view.scope().shows(service)) {
        AliasTarget.host(snapshot, service.hostname())
            .ifPresent(
                target -> {
                  targets.put(service.hostname(), target);
                  byTarget.computeIfAbsent(target, h -> new ArrayList<>()).add(service);
                });
      }
    }
  }

  /** The host that a host name means: another one where it is an alias. */
  String target(String hostname) {
    return targets.getOrDefault(hostname, hostname);
  }

  /** The services that are nothing but other names of a host, in the order of their names. */
  List<MeshService> of(String hostname) {
    return byTarget.getOrDefault(hostname, List.of());
  }

  /** All names that are aliases. */
  Stream<String> names() {
    return targets.keySet().stream();
  }
}
