@NullMarked
package dev.weft.exchange;

import org.jspecify.annotations.NullMarked;
