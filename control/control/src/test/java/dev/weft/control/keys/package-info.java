@NullMarked
package dev.weft.control.keys;

import org.jspecify.annotations.NullMarked;
