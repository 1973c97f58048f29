package dev.weft.xds;

/**
 * A resource that a client does not take, from its answer until it is sent again and taken, or is
 * gone.
 *
 * @param resource as it was refused
 * @param message the client's own words about it
 */
public record Refusal(VersionedResource resource, String message) {}
