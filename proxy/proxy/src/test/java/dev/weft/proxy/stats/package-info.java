@NullMarked
package dev.weft.proxy.stats;

import org.jspecify.annotations.NullMarked;
