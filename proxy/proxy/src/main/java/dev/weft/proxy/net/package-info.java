/** The proxy server: listeners, accepted connections, configuration changes, drain. */
@NullMarked
package dev.weft.proxy.net;

import org.jspecify.annotations.NullMarked;
