/** The one path of every write and deletion, from the wire or from the same process. */
@NullMarked
package dev.weft.apiserver.object;

import org.jspecify.annotations.NullMarked;
