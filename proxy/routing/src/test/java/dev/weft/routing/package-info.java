@NullMarked
package dev.weft.routing;

import org.jspecify.annotations.NullMarked;
