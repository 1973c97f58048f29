/** Tests. */
@NullMarked
package dev.weft.apiserver.select;

import org.jspecify.annotations.NullMarked;
