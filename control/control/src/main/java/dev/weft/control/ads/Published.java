package dev.weft.control.ads;

import dev.weft.snapshot.MeshSnapshot;

/**
 * The snapshot in force.
 *
 * @param nanos when it was published, by {@link System#nanoTime}
 */
record Published(MeshSnapshot snapshot, long nanos) {}
