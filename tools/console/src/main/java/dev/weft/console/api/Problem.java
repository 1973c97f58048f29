package dev.weft.console.api;

/**
 * A refusal, whatever its status is.
 *
 * @param error for people: what is wrong, and the way out
 * @param code stable, for programs
 */
public record Problem(String error, String code) {}
