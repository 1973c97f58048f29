package dev.weft.provision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.config.ClusterFacts;
import dev.weft.config.ConfigSet;
import dev.weft.config.Discovery;
import dev.weft.config.IstioGatewaySpec;
import dev.weft.config.KubeNamespace;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.ProxyConfigSpec;
import dev.weft.inject.ProxyConfigs;
import dev.weft.types.ClusterId;
import dev.weft.types.NetworkId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything that the mesh keeps, as it should be.
 *
 * @param standings of the data clusters that were read completely once
 * @param clusters of each of them that is written into, objects in the order in which they are made
 * @param mesh the objects of the mesh's own API; their fields are the user's once they changed them
 * @param statuses of IstioGateways of the mesh's own API
 */
public record Desired(
    Map<ClusterId, Standing> standings,
    Map<ClusterId, List<Manifest>> clusters,
    List<Manifest> mesh,
    Map<Manifest.Key, ObjectNode> statuses) {

  public Desired {
    standings = Collections.unmodifiableMap(new TreeMap<>(standings));
    clusters = Collections.unmodifiableMap(new TreeMap<>(clusters));
    mesh = List.copyOf(mesh);
    statuses = Collections.unmodifiableMap(new TreeMap<>(statuses));
  }

  /** The objects of a data cluster; none for a cluster that is not known. */
  public List<Manifest> in(ClusterId cluster) {
    return clusters.getOrDefault(cluster, List.of());
  }

  /**
   * Computes it.
   *
   * @param roots the mesh's trust bundle, PEM
   */
  public static Desired of(ConfigSet config, String roots, ProvisionSettings settings) {
    Map<ClusterId, MemberClusterSpec> members = new TreeMap<>();
    config.all(MemberClusterSpec.class).forEach(m -> members.put(m.cluster(), m));
    List<IstioGatewaySpec> gateways = config.all(IstioGatewaySpec.class);
    Discovery discovery = config.settings().discovery();
    boolean hosted = settings.control().own().isEmpty();
    ProxyConfigs starts =
        new ProxyConfigs(config.settings().rootNamespace(), config.all(ProxyConfigSpec.class));
    GatewayPlaces places = GatewayPlaces.of(members.values(), settings.control());

    Map<ClusterId, Standing> standings = new TreeMap<>();
    Map<ClusterId, List<Manifest>> clusters = new TreeMap<>();
    for (ClusterFacts facts : config.clusters().values()) {
      if (!complete(facts)) {
        continue;
      }
      Standing standing = Standing.of(facts, settings.control());
      standings.put(facts.id(), standing);
      if (standing == Standing.READ) {
        continue;
      }
      NetworkId network = network(members, facts.id());
      List<Manifest> manifests =
          new ArrayList<>(
              ClusterArtefacts.of(
                  standing,
                  new MemberInputs(facts.id(), network, namespaces(facts, discovery), roots),
                  settings));
      if (hosted && !GlobalNamespaces.comeFrom(facts, config, settings)) {
        manifests.addAll(GlobalNamespaces.of(config.namespaces().values(), settings));
      }
      for (IstioGatewaySpec gateway : gateways) {
        if (places.of(gateway).contains(facts.id()) && wanted(gateway, members)) {
          manifests.addAll(
              GatewayWorkload.of(gateway, facts.id(), network, starts, settings).manifests());
        }
      }
      clusters.put(facts.id(), List.copyOf(manifests));
    }

    List<Manifest> mesh = new ArrayList<>();
    members.values().stream()
        .filter(MemberClusterSpec::crossClusterProxy)
        .map(m -> CrossNetworkGateway.of(m, m.network(), settings.rootNamespace()))
        .forEach(mesh::add);
    if (hosted && !settings.validationUrl().isEmpty()) {
      mesh.add(ValidatorConfiguration.of(settings, roots));
    }
    Map<Manifest.Key, ObjectNode> statuses = new TreeMap<>();
    for (IstioGatewaySpec gateway : gateways) {
      statuses.put(
          new Manifest.Key(
              ManagedKind.ISTIO_GATEWAY, gateway.meta().namespace(), gateway.meta().name()),
          GatewayStatus.of(gateway, places, config, settings.rootNamespace()));
    }
    return new Desired(standings, clusters, mesh, statuses);
  }

  /** Whether all of its namespaces are known. */
  private static boolean complete(ClusterFacts facts) {
    return switch (facts.state()) {
      case SYNCED, LOST -> true;
      case SYNCING, LAST_KNOWN, REJECTED -> false;
    };
  }

  private static NetworkId network(Map<ClusterId, MemberClusterSpec> members, ClusterId cluster) {
    MemberClusterSpec member = members.get(cluster);
    return member == null ? NetworkId.UNNAMED : member.network();
  }

  /** A proxy that was switched off goes before its object does. */
  private static boolean wanted(
      IstioGatewaySpec gateway, Map<ClusterId, MemberClusterSpec> members) {
    return members.values().stream()
        .filter(m -> MemberClusterSpec.gatewayName(m.cluster()).equals(gateway.meta().name()))
        .allMatch(MemberClusterSpec::crossClusterProxy);
  }

  /** Where workloads of the mesh may be. Istio: namespacecontroller.go. */
  private static TreeSet<String> namespaces(ClusterFacts facts, Discovery discovery) {
    return facts.namespaces().values().stream()
        .filter(n -> !n.terminating() && discovery.selects(n))
        .map(KubeNamespace::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
