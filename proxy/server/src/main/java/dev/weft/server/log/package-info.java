/** Access logs: formats, per-loop buffers, and the thread that writes. */
@NullMarked
package dev.weft.server.log;

import org.jspecify.annotations.NullMarked;
