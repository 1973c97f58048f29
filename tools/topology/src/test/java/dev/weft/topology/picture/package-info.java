@NullMarked
package dev.weft.topology.picture;

import org.jspecify.annotations.NullMarked;
