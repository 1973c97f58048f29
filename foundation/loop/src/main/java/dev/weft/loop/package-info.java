/** Clocks, mailboxes, timers, back-off and debounce: the edges of time and threads. */
@NullMarked
package dev.weft.loop;

import org.jspecify.annotations.NullMarked;
