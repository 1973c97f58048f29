/** Pod in, patched pod out. */
@NullMarked
package dev.weft.inject;

import org.jspecify.annotations.NullMarked;
