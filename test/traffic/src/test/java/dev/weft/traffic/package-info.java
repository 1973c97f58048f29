@NullMarked
package dev.weft.traffic;

import org.jspecify.annotations.NullMarked;
