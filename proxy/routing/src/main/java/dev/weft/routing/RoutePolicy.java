package dev.weft.routing;

/** What a filter of a listener does differently for the requests of a route. */
public sealed interface RoutePolicy
    permits CompressionPolicy, CorsPolicy, FaultPolicy, RateLimitPolicy, RateLimitRules {}
