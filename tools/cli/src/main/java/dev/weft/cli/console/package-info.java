/** {@code weft console}. */
@NullMarked
package dev.weft.cli.console;

import org.jspecify.annotations.NullMarked;
