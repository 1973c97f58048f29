/** Label and field selectors, and what they make of a change for who watches with them. */
@NullMarked
package dev.weft.apiserver.select;

import org.jspecify.annotations.NullMarked;
