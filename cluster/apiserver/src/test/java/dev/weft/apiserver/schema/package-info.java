/** Tests. */
@NullMarked
package dev.weft.apiserver.schema;

import org.jspecify.annotations.NullMarked;
