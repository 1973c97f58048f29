/** Writes what the mesh found back into its config API: types, member clusters, their state. */
@NullMarked
package dev.weft.control.status;

import org.jspecify.annotations.NullMarked;
