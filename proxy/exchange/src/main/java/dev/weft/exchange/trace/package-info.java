/** Traces: of which requests spans are made, what requests tell of it, and how spans are sent. */
@NullMarked
package dev.weft.exchange.trace;

import org.jspecify.annotations.NullMarked;
