@NullMarked
package dev.weft.proxy.demand;

import org.jspecify.annotations.NullMarked;
