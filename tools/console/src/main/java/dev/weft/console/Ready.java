package dev.weft.console;

/** An answer that is JSON already. */
record Ready(Bytes json) {}
