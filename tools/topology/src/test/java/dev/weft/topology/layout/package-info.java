@NullMarked
package dev.weft.topology.layout;

import org.jspecify.annotations.NullMarked;
