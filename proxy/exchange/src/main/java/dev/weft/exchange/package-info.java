/** What becomes of a request: filters in order, and the steps that they want. Decisions only. */
@NullMarked
package dev.weft.exchange;

import org.jspecify.annotations.NullMarked;
