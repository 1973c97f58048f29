/** The console's HTTP server: pages, the API behind them, and who is let in. */
@NullMarked
package dev.weft.console;

import org.jspecify.annotations.NullMarked;
