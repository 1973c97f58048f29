/** Where things are drawn: boxes, cards and the ways between them. Pure and deterministic. */
@NullMarked
package dev.weft.topology.layout;

import org.jspecify.annotations.NullMarked;
