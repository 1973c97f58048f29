/** The HTTP/1 pipeline: requests in, routed, retried, answered. */
@NullMarked
package dev.weft.proxy.http;

import org.jspecify.annotations.NullMarked;
