/** The four patch types, and who owns which field after them. */
@NullMarked
package dev.weft.apiserver.patch;

import org.jspecify.annotations.NullMarked;
