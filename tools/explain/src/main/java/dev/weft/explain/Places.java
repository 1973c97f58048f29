package dev.weft.explain;

import dev.weft.routing.Balancer;
import dev.weft.routing.Endpoint;
import dev.weft.routing.LoadAssignment;
import dev.weft.runtime.Cluster;
import dev.weft.snapshot.EndpointDecision;
import dev.weft.snapshot.EndpointDecision.ViaGateway;
import dev.weft.snapshot.ServiceEndpoint;
import dev.weft.snapshot.Workload;
import dev.weft.topology.Edge;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the requests to a cluster go: the shares that the proxy's balancer gives its endpoints, by
 * the workloads behind them.
 */
final class Places {
  /** Less is the rounding of floating-point numbers. */
  static final double MIN = 1e-9;

  private static final int MAX_ADDRESSES = 3;

  private final String caller;
  private final List<EndpointDecision> decisions;
  private final Set<HostPort> refusing;
  private final Map<Spot, Double> shares = new LinkedHashMap<>();

  /** A place as it is reached. */
  record Spot(String place, Edge.Path path, String address) {
    static final Spot NOWHERE = new Spot(Portion.NOWHERE, Edge.Path.UNKNOWN, "");
  }

  private Places(String caller, List<EndpointDecision> decisions, Set<HostPort> refusing) {
    this.caller = caller;
    this.decisions = decisions;
    this.refusing = refusing;
  }

  /**
   * The shares, together 1.
   *
   * @param caller its cluster
   * @param decisions what became of the endpoints of the cluster's service for the caller
   * @param refusing addresses that do not take what the caller sends
   */
  static Map<Spot, Double> shares(
      String caller,
      Cluster cluster,
      LoadAssignment assignment,
      List<EndpointDecision> decisions,
      Set<HostPort> refusing) {
    Places places = new Places(caller, decisions, refusing);
    Balancer balancer = Balancer.of(cluster.lbPolicy(), cluster.lbTuning(), assignment);
    double[] shares = balancer.shares();
    int at = 0;
    double left = 1;
    for (LoadAssignment.Group group : assignment.groups()) {
      for (Endpoint endpoint : group.endpoints()) {
        if (shares[at] > 0) {
          places.add(endpoint, group.locality(), shares[at]);
          left -= shares[at];
        }
        at++;
      }
    }
    if (left > MIN) {
      places.shares.merge(Spot.NOWHERE, left, Double::sum);
    }
    return places.shares;
  }

  /** By place and path, the greatest first; several addresses stand together. */
  static List<Portion> portions(Map<Spot, Double> shares) {
    record Way(String place, Edge.Path path) {}
    Map<Way, Double> sums = new LinkedHashMap<>();
    Map<Way, Set<String>> addresses = new LinkedHashMap<>();
    shares.forEach(
        (spot, share) -> {
          Way way = new Way(spot.place(), spot.path());
          sums.merge(way, share, Double::sum);
          addresses.computeIfAbsent(way, w -> new LinkedHashSet<>()).add(spot.address());
        });
    List<Portion> portions = new ArrayList<>();
    sums.forEach(
        (way, share) ->
            portions.add(
                new Portion(
                    way.place(),
                    share,
                    0,
                    way.path(),
                    some(List.copyOf(addresses.getOrDefault(way, Set.of()))))));
    portions.sort(
        (a, b) -> {
          int byShare = Double.compare(b.share(), a.share());
          return byShare != 0 ? byShare : a.place().compareTo(b.place());
        });
    return portions;
  }

  static String some(List<String> all) {
    return all.size() <= MAX_ADDRESSES
        ? String.join(", ", all)
        : String.join(", ", all.subList(0, MAX_ADDRESSES - 1))
            + " and "
            + (all.size() - MAX_ADDRESSES + 1)
            + " more";
  }

  /** As the picture names a workload. */
  static String id(Workload workload) {
    return workload.key().cluster()
        + "/"
        + workload.key().namespace()
        + "/"
        + workload.workloadName();
  }

  private void add(Endpoint endpoint, Locality locality, double share) {
    if (refusing.contains(endpoint.address()) && endpoint.hop().isEmpty()) {
      shares.merge(Spot.NOWHERE, share, Double::sum);
      return;
    }
    String address = endpoint.address().toString();
    // workload;namespace;canonical name;revision;cluster
    String[] named = endpoint.workload().split(";", -1);
    if (named.length == 5 && !named[0].isEmpty()) {
      String cluster = named[4];
      Edge.Path path =
          !endpoint.hop().isEmpty()
              ? Edge.Path.GATEWAY
              : cluster.equals(caller) ? Edge.Path.LOCAL : Edge.Path.DIRECT;
      shares.merge(
          new Spot(cluster + "/" + named[1] + "/" + named[0], path, address), share, Double::sum);
      return;
    }
    Optional<ViaGateway> via = via(endpoint.address(), locality);
    if (via.isEmpty()) {
      shares.merge(new Spot(Portion.OUTSIDE, Edge.Path.UNKNOWN, address), share, Double::sum);
      return;
    }
    // The gateway chooses, evenly.
    List<ServiceEndpoint> behind = via.get().behind();
    for (ServiceEndpoint one : behind) {
      Workload workload = one.workload();
      shares.merge(
          new Spot(workload == null ? Portion.OUTSIDE : id(workload), Edge.Path.GATEWAY, address),
          share / behind.size(),
          Double::sum);
    }
  }

  private Optional<ViaGateway> via(HostPort address, Locality locality) {
    for (EndpointDecision decision : decisions) {
      if (decision instanceof ViaGateway via
          && via.label().isEmpty()
          && via.gateway().address().equals(address)
          && via.locality().equals(locality)) {
        return Optional.of(via);
      }
    }
    return Optional.empty();
  }
}
