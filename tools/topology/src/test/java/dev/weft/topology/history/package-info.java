@NullMarked
package dev.weft.topology.history;

import org.jspecify.annotations.NullMarked;
