/** Requests that a proxy sends itself before it says that it is ready. */
@NullMarked
package dev.weft.proxy.warm;

import org.jspecify.annotations.NullMarked;
