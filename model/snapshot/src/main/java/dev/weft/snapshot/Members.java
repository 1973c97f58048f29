package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.types.ClusterId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Member clusters with their networks and proxies. */
final class Members {
  private Members() {}

  /**
   * All members.
   *
   * @param endpoints how many the slices of each cluster hold
   */
  static Map<ClusterId, MemberCluster> of(
      ConfigSet config,
      Networks networks,
      Gateways.Found found,
      Map<ClusterId, Integer> endpoints) {
    Map<ClusterId, MemberCluster> members = new TreeMap<>();
    for (ClusterFacts facts : config.clusters().values()) {
      CrossClusterProxy proxy = found.proxies().get(facts.id());
      members.put(
          facts.id(),
          new MemberCluster(
              facts.id(),
              networks.of(facts.id()),
              proxy == null ? new CrossClusterProxy(false, "", null, List.of(), 0) : proxy,
              facts.state(),
              facts.message(),
              facts.services().size(),
              endpoints.getOrDefault(facts.id(), 0)));
    }
    return members;
  }
}
