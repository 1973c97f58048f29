/** The legs of HTTP/2: many requests at once over a connection, each a stream of frames. */
@NullMarked
package dev.weft.server.http2;

import org.jspecify.annotations.NullMarked;
