/** Composes a whole lab and keeps it running in the background. */
@NullMarked
package dev.weft.lab.supervisor;

import org.jspecify.annotations.NullMarked;
