package dev.weft.routing;

import java.time.Duration;

/**
 * When an endpoint is ejected for its failures. A count of zero is not enforced.
 *
 * @param maxEjectionPercent of all endpoints of the cluster, 0 to 100
 */
public record OutlierPolicy(
    int consecutive5xx,
    int consecutiveGatewayFailures,
    int consecutiveLocalOriginFailures,
    boolean splitExternalLocalOriginErrors,
    Duration interval,
    Duration baseEjectionTime,
    Duration maxEjectionTime,
    int maxEjectionPercent,
    boolean alwaysEjectOneHost) {}
