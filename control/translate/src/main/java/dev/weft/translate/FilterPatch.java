package dev.weft.translate;

import dev.weft.config.EnvoyFilter.ListenerMatch;
import dev.weft.config.EnvoyFilter.Position;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A change of the HTTP filters of some chains. */
sealed interface FilterPatch {
  /** Where it happens. */
  ListenerMatch at();

  /**
   * A filter more.
   *
   * @param anchor the name of the filter that the position is about; empty for none
   */
  record Add(ListenerMatch at, Position position, String anchor, String name, PackedConfig config)
      implements FilterPatch {}

  /** Filters less, of those that were added. */
  record Remove(ListenerMatch at, String name) implements FilterPatch {}

  /** Whether something changes in a listener. */
  default boolean concerns(String listener, int port) {
    return concerns(at(), listener, port);
  }

  /** Whether a listener is meant. */
  static boolean concerns(ListenerMatch at, String listener, int port) {
    return (at.listener().isEmpty() || at.listener().equals(listener))
        && (at.port() == 0 || at.port() == port);
  }

  /** Those that change a chain, of those that change its listener. */
  static List<FilterPatch> of(List<FilterPatch> listener, String chain) {
    return listener.stream()
        .filter(patch -> patch.at().chain().isEmpty() || patch.at().chain().equals(chain))
        .toList();
  }

  /**
   * The filters of a chain with those that are added. The mesh's own stay where they are, and the
   * router last. A filter that was added just so is there already.
   *
   * @param own the mesh's own, the router last
   */
  static List<HttpFilter> apply(List<HttpFilter> own, List<FilterPatch> patches) {
    List<HttpFilter> filters = new ArrayList<>(own);
    Set<HttpFilter> added = new HashSet<>();
    for (FilterPatch patch : patches) {
      switch (patch) {
        case Add add -> add(filters, added, add);
        case Remove remove -> {
          filters.removeIf(f -> added.contains(f) && f.getName().equals(remove.name()));
          added.removeIf(f -> f.getName().equals(remove.name()));
        }
      }
    }
    return filters;
  }

  private static void add(List<HttpFilter> filters, Set<HttpFilter> added, Add add) {
    HttpFilter filter =
        HttpFilter.newBuilder().setName(add.name()).setTypedConfig(add.config().any()).build();
    if (added.contains(filter)) {
      return;
    }
    int anchor = indexOf(filters, add.anchor());
    int router = filters.size() - 1;
    boolean found = anchor >= 0;
    switch (add.position()) {
      case FIRST -> insert(filters, added, 0, filter);
      case LAST -> insert(filters, added, router, filter);
      case BEFORE -> {
        if (found || add.anchor().isEmpty()) {
          insert(filters, added, Math.max(0, anchor), filter);
        }
      }
      case AFTER -> {
        if (found || add.anchor().isEmpty()) {
          insert(filters, added, found ? Math.min(anchor + 1, router) : router, filter);
        }
      }
      case INSTEAD -> {
        if (found && added.remove(filters.get(anchor))) {
          filters.remove(anchor);
          insert(filters, added, anchor, filter);
        }
      }
    }
  }

  private static void insert(
      List<HttpFilter> filters, Set<HttpFilter> added, int at, HttpFilter filter) {
    filters.add(at, filter);
    added.add(filter);
  }

  /** The first of the name; negative where there is none. */
  private static int indexOf(List<HttpFilter> filters, String name) {
    for (int i = 0; i < filters.size(); i++) {
      if (filters.get(i).getName().equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
