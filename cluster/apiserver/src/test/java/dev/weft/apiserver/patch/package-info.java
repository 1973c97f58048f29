/** Tests. */
@NullMarked
package dev.weft.apiserver.patch;

import org.jspecify.annotations.NullMarked;
