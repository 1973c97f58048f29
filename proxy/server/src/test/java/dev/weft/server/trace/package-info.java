@NullMarked
package dev.weft.server.trace;

import org.jspecify.annotations.NullMarked;
