package dev.weft.snapshot;

import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.KubeNamespace;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.MeshSettings.MeshNetwork;
import dev.weft.types.Cidr;
import dev.weft.types.ClusterId;
import dev.weft.types.Names;
import dev.weft.types.NetworkId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which network a cluster, and an address in it, belongs to. A pod's own label comes first, then
 * what this says: the cluster's registration in front of Istio's order
 * (pilot/pkg/serviceregistry/kube/controller/network.go).
 */
record Networks(
    Map<ClusterId, NetworkId> byCluster,
    Map<Cidr, NetworkId> byRange,
    Map<ClusterId, MemberClusterSpec> specs) {

  static final String LABEL = "topology.istio.io/network";

  static Networks of(ConfigSet config) {
    Map<ClusterId, MemberClusterSpec> specs = new TreeMap<>();
    for (MemberClusterSpec spec : config.all(MemberClusterSpec.class)) {
      specs.put(spec.cluster(), spec);
    }
    Map<ClusterId, NetworkId> byCluster = new TreeMap<>();
    Map<Cidr, NetworkId> byRange = new LinkedHashMap<>();
    for (Map.Entry<NetworkId, MeshNetwork> entry : config.settings().networks().entrySet()) {
      entry.getValue().fromRegistry().forEach(c -> byCluster.putIfAbsent(c, entry.getKey()));
      entry
          .getValue()
          .fromCidr()
          .forEach(r -> Cidr.parse(r).ifPresent(c -> byRange.put(c, entry.getKey())));
    }
    for (ClusterFacts facts : config.clusters().values()) {
      KubeNamespace system = facts.namespaces().get(config.settings().rootNamespace());
      String label = system == null ? "" : system.labels().getOrDefault(LABEL, "");
      MemberClusterSpec spec = specs.get(facts.id());
      if (spec != null && spec.network().isNamed()) {
        byCluster.put(facts.id(), spec.network());
      } else if (Names.isLabel(label)) {
        byCluster.put(facts.id(), new NetworkId(label));
      }
    }
    return new Networks(byCluster, byRange, specs);
  }

  /** Whether every address is in the same network as by another one. */
  boolean placesLike(Networks other) {
    return byCluster.equals(other.byCluster) && byRange.equals(other.byRange);
  }

  NetworkId of(ClusterId cluster) {
    return byCluster.getOrDefault(cluster, NetworkId.UNNAMED);
  }

  NetworkId of(ClusterId cluster, String address) {
    NetworkId own = byCluster.get(cluster);
    if (own != null) {
      return own;
    }
    for (Map.Entry<Cidr, NetworkId> entry : byRange.entrySet()) {
      if (entry.getKey().contains(address)) {
        return entry.getValue();
      }
    }
    return NetworkId.UNNAMED;
  }
}
