/** Objects as the tables that kubectl prints. */
@NullMarked
package dev.weft.apiserver.print;

import org.jspecify.annotations.NullMarked;
