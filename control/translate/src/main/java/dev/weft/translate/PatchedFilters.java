package dev.weft.translate;

import dev.weft.config.TypedConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The HTTP filters of one chain while patches change them. Confined to one translation. */
final class PatchedFilters {
  private final List<Entry> entries = new ArrayList<>();

  /**
   * @param own the mesh's own, the router last
   */
  PatchedFilters(List<HttpFilter> own) {
    own.forEach(filter -> entries.add(new Entry(filter, null)));
  }

  /**
   * A filter.
   *
   * @param added its configuration; null for one of the mesh, which stays
   */
  private record Entry(HttpFilter filter, @Nullable TypedConfig added) {
    String name() {
      return filter.getName();
    }
  }

  private static Entry entry(String name, TypedConfig config, PackedConfig packed) {
    return new Entry(
        HttpFilter.newBuilder().setName(name).setTypedConfig(packed.any()).build(), config);
  }

  /** A filter that was added just so is there already. */
  void add(FilterPatch.Add add) {
    Entry filter = entry(add.name(), add.config(), add.packed());
    if (entries.stream().anyMatch(e -> e.added() != null && e.filter().equals(filter.filter()))) {
      return;
    }
    int anchor = indexOf(add.anchor());
    int router = entries.size() - 1;
    boolean found = anchor >= 0;
    switch (add.position()) {
      case FIRST -> entries.addFirst(filter);
      case LAST -> entries.add(router, filter);
      case BEFORE -> {
        if (found || add.anchor().isEmpty()) {
          entries.add(Math.max(0, anchor), filter);
        }
      }
      case AFTER -> {
        if (found || add.anchor().isEmpty()) {
          entries.add(found ? Math.min(anchor + 1, router) : router, filter);
        }
      }
      case INSTEAD -> {
        if (found && entries.get(anchor).added() != null) {
          entries.set(anchor, filter);
        }
      }
    }
  }

  void remove(String name) {
    entries.removeIf(entry -> entry.added() != null && entry.name().equals(name));
  }

  /** A filter that cannot have what comes of it stays as it is. */
  void merge(FilterPatch.Merge merge) {
    entries.replaceAll(
        entry -> {
          TypedConfig before = entry.added();
          return before == null || !entry.name().equals(merge.name())
              ? entry
              : before
                  .with(merge.config())
                  .map(config -> entry(entry.name(), config, PackedConfig.of(config)))
                  .orElse(entry);
        });
  }

  List<HttpFilter> all() {
    return entries.stream().map(Entry::filter).toList();
  }

  /** The first of the name; negative where there is none. */
  private int indexOf(String name) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
