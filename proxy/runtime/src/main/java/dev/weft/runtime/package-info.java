/** Compiled configuration of the proxy and its compiler from xDS. */
@NullMarked
package dev.weft.runtime;

import org.jspecify.annotations.NullMarked;
