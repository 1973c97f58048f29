package dev.weft.console;

import dev.weft.console.view.Moment;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.MemberClusters;
import dev.weft.topology.TrafficSource;
import dev.weft.types.ClusterId;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the console looks at. All of it is thread-safe.
 *
 * @param version of this control plane
 * @param configApi where the mesh's objects are
 * @param mesh the picture of the moment
 * @param users the config API as whoever has a token
 * @param clusters the API servers of the members
 * @param registrations how the members were registered
 */
public record ConsoleParts(
    String version,
    URI configApi,
    Supplier<Moment> mesh,
    TrafficSource traffic,
    Function<String, KubeApi> users,
    Function<ClusterId, Optional<KubeApi>> clusters,
    Supplier<List<MemberClusters.Registration>> registrations,
    ProxyBook proxies,
    CertificateBook certificates,
    InstantSource clock) {}
