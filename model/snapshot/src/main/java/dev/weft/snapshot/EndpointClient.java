package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import java.util.List;
import java.util.Map;

/**
 * A client, as far as it decides which endpoints it is given.
 *
 * @param network where it is; unnamed reaches everything that is not behind a gateway
 * @param networkView networks that it wants to see; empty for all
 * @param namespace of the client, which decides the destination rules that it sees
 * @param onlyMtls whether it can only use endpoints that speak mutual TLS (a gateway that passes
 *     TLS through)
 * @param byEndpoint whether it can name one endpoint to a gateway that lets it
 */
public record EndpointClient(
    ClusterId cluster,
    NetworkId network,
    List<NetworkId> networkView,
    String namespace,
    Map<String, String> labels,
    String node,
    boolean onlyMtls,
    boolean byEndpoint) {
  public EndpointClient {
    networkView = List.copyOf(networkView);
    labels = Copies.map(labels);
  }

  /** A workload with a proxy of ours as a client. */
  public static EndpointClient of(Workload workload) {
    return new EndpointClient(
        workload.key().cluster(),
        workload.network(),
        List.of(),
        workload.key().namespace(),
        workload.labels(),
        workload.node(),
        false,
        true);
  }
}
