/** The HTTP/1 pipeline: requests in, routed, retried, answered. */
@NullMarked
package dev.weft.server.http;

import org.jspecify.annotations.NullMarked;
