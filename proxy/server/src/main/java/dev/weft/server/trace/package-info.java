/** Where finished spans wait until their collector gets them. */
@NullMarked
package dev.weft.server.trace;

import org.jspecify.annotations.NullMarked;
