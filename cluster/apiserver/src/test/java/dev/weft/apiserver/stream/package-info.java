/** Tests. */
@NullMarked
package dev.weft.apiserver.stream;

import org.jspecify.annotations.NullMarked;
