/**
 * The client's side of xDS: a state machine without sockets, and a small reader and writer of the
 * wire format that need none of the generated message classes, because those cost a sidecar tens of
 * megabytes.
 */
@NullMarked
package dev.weft.xds.client;

import org.jspecify.annotations.NullMarked;
