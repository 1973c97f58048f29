/** Keys of issuers of tokens, fetched from where they are. */
@NullMarked
package dev.weft.control.keys;

import org.jspecify.annotations.NullMarked;
