package dev.weft.topology.picture;

import java.time.Instant;

/**
 * How a step of time was.
 *
 * @param at its begin
 * @param rate requests a second
 * @param failed of them
 * @param events that happened in it
 */
public record StripFrame(Instant at, double rate, double failed, int events) {}
