@NullMarked
package dev.weft.exchange.trace;

import org.jspecify.annotations.NullMarked;
