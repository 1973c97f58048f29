/** Tests of the embedded API server. */
@NullMarked
package dev.weft.apiserver;

import org.jspecify.annotations.NullMarked;
