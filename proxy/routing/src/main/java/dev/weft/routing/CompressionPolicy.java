package dev.weft.routing;

import org.jspecify.annotations.Nullable;

/**
 * What is compressed of a route's answers.
 *
 * @param enabled null: as the filter has it
 * @param hidesAcceptEncoding whether endpoints do not hear what encodings the client takes; null:
 *     as the filter has it
 */
public record CompressionPolicy(@Nullable Boolean enabled, @Nullable Boolean hidesAcceptEncoding)
    implements RoutePolicy {}
