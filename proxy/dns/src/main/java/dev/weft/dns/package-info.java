/** The DNS proxy: names of the mesh answered from the name table, all others forwarded. */
@NullMarked
package dev.weft.dns;

import org.jspecify.annotations.NullMarked;
