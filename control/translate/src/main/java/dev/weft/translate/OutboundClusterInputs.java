package dev.weft.translate;

import dev.weft.config.TrafficPolicy;
import dev.weft.types.AppProtocol;
import dev.weft.types.ServiceId;
import dev.weft.xds.ClusterName;
import java.time.Duration;

/**
 * Everything that one cluster of a service depends on.
 *
 * @param name outbound, or by SNI on a cross-network gateway
 * @param endpoints where they come from
 * @param policy for the port, without port-level settings
 * @param rule path of the DestinationRule; empty where there is none
 * @param connectTimeout where the policy has none
 */
public record OutboundClusterInputs(
    ClusterName name,
    EndpointSource endpoints,
    AppProtocol protocol,
    TrafficPolicy policy,
    UpstreamSecurity security,
    LocalityPreference locality,
    ServiceId service,
    String hostname,
    String rule,
    Duration connectTimeout,
    Dialect dialect) {}
