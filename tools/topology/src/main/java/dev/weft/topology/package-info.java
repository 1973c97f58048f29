/**
 * From what proxies count and what the control plane knows to a picture of the mesh. Pure: no
 * clock, no socket, no thread.
 */
@NullMarked
package dev.weft.topology;

import org.jspecify.annotations.NullMarked;
