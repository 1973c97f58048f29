/** One immutable picture of the whole mesh, how it is built, and how two of them differ. */
@NullMarked
package dev.weft.snapshot;

import org.jspecify.annotations.NullMarked;
