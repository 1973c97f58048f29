/** The whole server put together. */
@NullMarked
package dev.weft.apiserver.server;

import org.jspecify.annotations.NullMarked;
