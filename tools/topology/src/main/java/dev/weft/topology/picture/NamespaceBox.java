package dev.weft.topology.picture;

import dev.weft.topology.layout.Bounds;

/**
 * A namespace within a cluster.
 *
 * @param id {@code cluster/namespace}
 */
public record NamespaceBox(String id, String cluster, String namespace, Bounds bounds) {}
