@NullMarked
package dev.weft.topology;

import org.jspecify.annotations.NullMarked;
