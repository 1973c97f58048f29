@NullMarked
package dev.weft.control.traffic;

import org.jspecify.annotations.NullMarked;
