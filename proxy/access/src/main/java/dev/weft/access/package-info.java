/** Who may come in: rules of access and tokens. Decisions only. */
@NullMarked
package dev.weft.access;

import org.jspecify.annotations.NullMarked;
