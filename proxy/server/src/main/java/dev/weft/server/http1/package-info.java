/** The legs of HTTP/1: one request after the other over a connection, in its bytes. */
@NullMarked
package dev.weft.server.http1;

import org.jspecify.annotations.NullMarked;
