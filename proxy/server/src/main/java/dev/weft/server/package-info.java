/** The proxy server: listeners, accepted connections, configuration changes, drain. */
@NullMarked
package dev.weft.server;

import org.jspecify.annotations.NullMarked;
