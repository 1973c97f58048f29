/** What a person sees of the mesh, as the console serves it: see the records of the API. */
@NullMarked
package dev.weft.topology.picture;

import org.jspecify.annotations.NullMarked;
