@NullMarked
package dev.weft.demand;

import org.jspecify.annotations.NullMarked;
