/** Tests. */
@NullMarked
package dev.weft.apiserver.storage;

import org.jspecify.annotations.NullMarked;
