/** What there was, and what became of it: the last hour of the mesh as a value. Pure. */
@NullMarked
package dev.weft.topology.history;

import org.jspecify.annotations.NullMarked;
