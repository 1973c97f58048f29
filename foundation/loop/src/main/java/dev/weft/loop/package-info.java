/** How long both planes wait between attempts. */
@NullMarked
package dev.weft.loop;

import org.jspecify.annotations.NullMarked;
