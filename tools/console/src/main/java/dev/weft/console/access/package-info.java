/** Who may use the console: what the config API says of the token that somebody brings. */
@NullMarked
package dev.weft.console.access;

import org.jspecify.annotations.NullMarked;
