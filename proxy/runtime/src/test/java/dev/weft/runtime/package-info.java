@NullMarked
package dev.weft.runtime;

import org.jspecify.annotations.NullMarked;
