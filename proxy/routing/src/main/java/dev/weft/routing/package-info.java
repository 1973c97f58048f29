/** Decisions of the proxy without any I/O: matching, balancing, retries. */
@NullMarked
package dev.weft.routing;

import org.jspecify.annotations.NullMarked;
