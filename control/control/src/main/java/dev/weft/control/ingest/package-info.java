/** Config events in, snapshots out: the one thread that owns what the mesh is made of. */
@NullMarked
package dev.weft.control.ingest;

import org.jspecify.annotations.NullMarked;
