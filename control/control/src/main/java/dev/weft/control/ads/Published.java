package dev.weft.control.ads;

import dev.weft.snapshot.MeshSnapshot;
import dev.weft.translate.PolicyReads;

/**
 * The snapshot in force.
 *
 * @param reads what its policies read of proxies
 * @param nanos when it was published, by {@link System#nanoTime}
 */
record Published(MeshSnapshot snapshot, PolicyReads reads, long nanos) {}
