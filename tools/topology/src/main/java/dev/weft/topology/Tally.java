package dev.weft.topology;

import java.time.Instant;

/**
 * How much of a mesh's traffic there was in a step of time, each request once.
 *
 * @param at the step's begin
 * @param failed of the requests: see {@link Flow}
 */
public record Tally(Instant at, long requests, long failed) {}
