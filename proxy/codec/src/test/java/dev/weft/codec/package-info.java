@NullMarked
package dev.weft.codec;

import org.jspecify.annotations.NullMarked;
