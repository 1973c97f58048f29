/** Connections that stop being HTTP: exec and port-forward over WebSocket and SPDY. */
@NullMarked
package dev.weft.apiserver.stream;

import org.jspecify.annotations.NullMarked;
