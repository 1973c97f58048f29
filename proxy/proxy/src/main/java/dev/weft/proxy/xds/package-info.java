/** The connection to the control plane, and the configuration that comes from it. */
@NullMarked
package dev.weft.proxy.xds;

import org.jspecify.annotations.NullMarked;
