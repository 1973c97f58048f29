/** Certificate authorities: making them, and seeing which one is in force. */
@NullMarked
package dev.weft.cli.certs;

import org.jspecify.annotations.NullMarked;
