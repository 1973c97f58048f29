/** What single kinds demand beyond their schema: defaults, validation, addresses. */
@NullMarked
package dev.weft.apiserver.kind;

import org.jspecify.annotations.NullMarked;
