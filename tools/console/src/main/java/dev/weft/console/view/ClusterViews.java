package dev.weft.console.view;

import dev.weft.config.ClusterFacts;
import dev.weft.config.MemberClusterSpec;
import dev.weft.config.SyncState;
import dev.weft.console.api.ClusterView;
import dev.weft.console.api.ClusterView.ConditionView;
import dev.weft.console.api.ClusterView.CrossClusterProxyView;
import dev.weft.console.api.ClusterView.ProxyCounts;
import dev.weft.console.api.ProxyRow;
import dev.weft.console.api.ProxyRow.SyncWord;
import dev.weft.snapshot.MemberCluster;
import dev.weft.topology.picture.ClusterState;
import dev.weft.types.ClusterId;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The member clusters. */
public final class ClusterViews {
  private ClusterViews() {}

  /**
   * What the config does not say of a cluster.
   *
   * @param server the address of its API server; empty where it is not known
   * @param secret of its registration; empty for the own cluster
   * @param version of its Kubernetes; empty where it is not known
   */
  public record Registration(String server, String secret, String version) {
    public static final Registration NONE = new Registration("", "", "");
  }

  /**
   * All of them, in order.
   *
   * @param conditions of the MemberCluster objects, by cluster
   */
  public static List<ClusterView> of(
      Moment moment,
      Function<ClusterId, Registration> registration,
      List<ProxyRow> proxies,
      Map<String, List<ConditionView>> conditions) {
    return moment.snapshot().clusters().values().stream()
        .map(m -> view(moment, m, registration.apply(m.id()), proxies, conditions))
        .toList();
  }

  private static ClusterView view(
      Moment moment,
      MemberCluster member,
      Registration registration,
      List<ProxyRow> proxies,
      Map<String, List<ConditionView>> conditions) {
    String id = member.id().value();
    List<ProxyRow> own = proxies.stream().filter(p -> p.cluster().equals(id)).toList();
    return new ClusterView(
        id,
        state(member.state()),
        member.message(),
        registration.server(),
        registration.secret(),
        registration.version(),
        member.network().value(),
        region(moment, member.id()),
        zones(moment, member.id()),
        new CrossClusterProxyView(
            member.crossClusterProxy().enabled(),
            MemberClusterSpec.gatewayName(member.id()),
            member.crossClusterProxy().addresses().stream().map(HostPort::toString).toList(),
            member.crossClusterProxy().readyReplicas()),
        member.services(),
        member.endpoints(),
        workloads(moment, member.id()),
        new ProxyCounts(own.size(), (int) own.stream().filter(ClusterViews::synced).count()),
        conditions.getOrDefault(id, List.of()));
  }

  private static boolean synced(ProxyRow proxy) {
    return proxy.types().stream().allMatch(t -> t.state() == SyncWord.SYNCED);
  }

  static ClusterState state(SyncState state) {
    return switch (state) {
      case SYNCED -> ClusterState.SYNCED;
      case SYNCING -> ClusterState.SYNCING;
      case LOST -> ClusterState.LOST;
      case LAST_KNOWN -> ClusterState.LAST_KNOWN;
      case REJECTED -> ClusterState.REJECTED;
    };
  }

  private static String region(Moment moment, ClusterId id) {
    List<String> regions = localities(moment, id, Locality::region);
    return regions.size() == 1 ? regions.getFirst() : "";
  }

  private static List<String> zones(Moment moment, ClusterId id) {
    return localities(moment, id, Locality::zone);
  }

  private static List<String> localities(
      Moment moment, ClusterId id, Function<Locality, String> part) {
    ClusterFacts facts = moment.config().clusters().get(id);
    return facts == null
        ? List.of()
        : facts.nodes().values().stream()
            .map(node -> part.apply(node.locality()))
            .filter(name -> !name.isEmpty())
            .distinct()
            .sorted()
            .toList();
  }

  private static int workloads(Moment moment, ClusterId id) {
    return (int)
        moment.snapshot().workloads().values().stream()
            .filter(w -> w.key().cluster().equals(id))
            .map(w -> w.key().namespace() + "/" + w.workloadName())
            .distinct()
            .count();
  }
}
