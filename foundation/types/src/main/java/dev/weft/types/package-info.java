/** Values that every part of the mesh shares: identifiers, addresses, ports, localities. */
@NullMarked
package dev.weft.types;

import org.jspecify.annotations.NullMarked;
