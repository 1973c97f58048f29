package dev.weft.xds;

import java.util.List;

/**
 * What a client lacks.
 *
 * @param changed resources that are new to it or have another version, in the order of their names
 * @param removed names of what it holds, or asked for, and what there is not
 */
public record Delta(List<VersionedResource> changed, List<String> removed) {
  public Delta {
    changed = List.copyOf(changed);
    removed = List.copyOf(removed);
  }

  public boolean isEmpty() {
    return changed.isEmpty() && removed.isEmpty();
  }
}
