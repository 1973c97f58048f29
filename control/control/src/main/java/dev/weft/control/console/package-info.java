/** What the console asks of this process. */
@NullMarked
package dev.weft.control.console;

import org.jspecify.annotations.NullMarked;
