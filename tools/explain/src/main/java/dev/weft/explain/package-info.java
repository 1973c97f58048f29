/**
 * Why traffic goes where it goes, and where it would go if something were lost. What the control
 * plane makes for a client is read here as its proxy reads it, by the code of both. Pure: no clock,
 * no socket, no thread.
 */
@NullMarked
package dev.weft.explain;

import org.jspecify.annotations.NullMarked;
