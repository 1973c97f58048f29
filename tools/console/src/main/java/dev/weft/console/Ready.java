package dev.weft.console;

/**
 * An answer that is JSON already.
 *
 * @param json not changed by whoever has it
 */
record Ready(byte[] json) {}
