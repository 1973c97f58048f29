package dev.weft.provision;

import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What decides which objects a data cluster gets.
 *
 * @param network by its registration; unnamed where that says nothing
 * @param namespaces those that are not terminating
 * @param roots the mesh's trust bundle, PEM
 */
public record MemberInputs(
    ClusterId cluster, NetworkId network, SortedSet<String> namespaces, String roots) {
  public MemberInputs {
    namespaces = Collections.unmodifiableSortedSet(new TreeSet<>(namespaces));
  }
}
