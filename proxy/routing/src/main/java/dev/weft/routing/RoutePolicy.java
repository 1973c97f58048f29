package dev.weft.routing;

/** What a filter of a listener does differently for the requests of a route. */
public sealed interface RoutePolicy
    permits CompressionPolicy,
        CorsPolicy,
        FaultPolicy,
        HeaderMutations,
        RateLimitPolicy,
        RateLimitRules {
  /** What holds where a less specific place says something, too. */
  default RoutePolicy over(RoutePolicy lessSpecific) {
    return this;
  }
}
