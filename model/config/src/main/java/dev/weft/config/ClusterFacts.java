package dev.weft.config;

import dev.weft.types.ClusterId;
import java.util.Map;

/**
 * Everything known of a member cluster. Maps are in the order of their keys, and share what did not
 * change with those that were before ({@link SharedMap}).
 *
 * @param message why it is in this state; empty where there is nothing to say
 */
public record ClusterFacts(
    ClusterId id,
    SyncState state,
    String message,
    Map<KubeFact.Key, KubeService> services,
    Map<KubeFact.Key, KubeEndpointSlice> slices,
    Map<KubeFact.Key, KubePod> pods,
    Map<String, KubeNode> nodes,
    Map<String, KubeNamespace> namespaces) {
  public ClusterFacts {
    services = SharedMap.copyOf(services);
    slices = SharedMap.copyOf(slices);
    pods = SharedMap.copyOf(pods);
    nodes = SharedMap.copyOf(nodes);
    namespaces = SharedMap.copyOf(namespaces);
  }

  /** The same facts in another state. */
  public ClusterFacts in(SyncState now, String why) {
    return new ClusterFacts(id, now, why, services, slices, pods, nodes, namespaces);
  }
}
