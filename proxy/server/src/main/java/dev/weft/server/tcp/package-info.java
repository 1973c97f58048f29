/** The TCP pipeline: bytes passed on in both directions. */
@NullMarked
package dev.weft.server.tcp;

import org.jspecify.annotations.NullMarked;
