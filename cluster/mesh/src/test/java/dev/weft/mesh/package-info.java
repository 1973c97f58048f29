/** What makes a mesh of a lab's clusters: one composition for each model. */
@NullMarked
package dev.weft.mesh;

import org.jspecify.annotations.NullMarked;
