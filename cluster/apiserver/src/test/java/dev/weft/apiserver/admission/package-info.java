/** Tests. */
@NullMarked
package dev.weft.apiserver.admission;

import org.jspecify.annotations.NullMarked;
