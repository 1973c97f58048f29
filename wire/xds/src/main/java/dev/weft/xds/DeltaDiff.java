package dev.weft.xds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Compares what a client holds with what there is. After go-control-plane's linear cache. */
public final class DeltaDiff {
  private DeltaDiff() {}

  public static Delta diff(Subscription subscription, ResourceSet resources) {
    SortedMap<String, VersionedResource> present = resources.of(subscription.type());
    Map<String, String> known = subscription.known();
    List<VersionedResource> changed = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (VersionedResource resource : present.values()) {
      if (subscription.wants(resource.name())
          && !resource.version().equals(known.get(resource.name()))) {
        changed.add(resource);
      }
    }
    for (Map.Entry<String, String> held : known.entrySet()) {
      if (!held.getValue().equals(Subscription.ABSENT)
          && subscription.wants(held.getKey())
          && !present.containsKey(held.getKey())) {
        removed.add(held.getKey());
      }
    }
    for (String name : subscription.names()) {
      // A client that asked by name waits until it hears that there is no such resource.
      if (!present.containsKey(name) && !known.containsKey(name)) {
        removed.add(name);
      }
    }
    removed.sort(null);
    return new Delta(changed, removed);
  }
}
