/** Mesh snapshot to Envoy resources, one pure translator for each resource type. */
@NullMarked
package dev.weft.translate;

import org.jspecify.annotations.NullMarked;
