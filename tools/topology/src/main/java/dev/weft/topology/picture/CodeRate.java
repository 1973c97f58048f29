package dev.weft.topology.picture;

/**
 * How often a kind of answer came, a second.
 *
 * @param code of HTTP, or the status of gRPC where HTTP says nothing bad; 0 where none came
 * @param flags Envoy's response flags, {@code -} for none
 */
public record CodeRate(int code, String flags, double rate) {}
