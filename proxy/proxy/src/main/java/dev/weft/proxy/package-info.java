/** The proxy process: sockets, TLS, pools, pipelines, admin. */
@NullMarked
package dev.weft.proxy;

import org.jspecify.annotations.NullMarked;
