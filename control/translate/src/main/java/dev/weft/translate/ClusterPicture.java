package dev.weft.translate;

import dev.weft.snapshot.MeshService;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.ServicePort;
import dev.weft.snapshot.Workload;
import dev.weft.translate.LoadAssignmentInputs.LbEndpoint;
import dev.weft.translate.LocalityOrder.Group;
import dev.weft.translate.ProxyView.Visible;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import dev.weft.xds.ClusterName;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the proxy of a pod spreads requests over the endpoints of a service port: what it is sent,
 * read back for people. It comes from the functions that make the configuration.
 *
 * @param cluster name of the xDS cluster
 * @param byAddress whether the client names a pod itself (headless services), so that nothing is
 *     spread
 * @param policy Envoy's name of the balancing policy
 * @param preference what localities mean
 * @param places localities by priority
 * @param ejection empty where failing endpoints are not ejected
 */
public record ClusterPicture(
    String cluster,
    boolean byAddress,
    String policy,
    LocalityPreference preference,
    List<Place> places,
    Optional<Ejection> ejection) {
  /** Envoy's default (envoy/config/cluster/v3/outlier_detection.proto). */
  private static final int DEFAULT_EJECTION_PERCENT = 10;

  private static final int DEFAULT_ERRORS = 5;
  private static final int DEFAULT_SECONDS = 30;

  public ClusterPicture {
    places = List.copyOf(places);
  }

  /**
   * The endpoints of one locality.
   *
   * @param priority 0 for the first choice
   * @param weight among those of the same priority
   * @param share of all requests while everything is healthy, 0 to 1
   */
  public record Place(
      int priority, Locality locality, long weight, double share, List<Target> targets) {
    public Place {
      targets = List.copyOf(targets);
    }
  }

  /**
   * An address that is dialled.
   *
   * @param hop the endpoint that is named to the gateway at the address; empty where none is
   * @param share of all requests while everything is healthy, 0 to 1
   */
  public record Target(HostPort address, String hop, long weight, double share) {}

  /**
   * When failing endpoints get no requests for a while.
   *
   * @param consecutive5xx answers in a row, 0 for never
   * @param consecutiveGatewayErrors answers 502 to 504 in a row, 0 for never
   * @param seconds of the first ejection
   * @param mostPercent of the endpoints that are ejected at a time
   */
  public record Ejection(
      int consecutive5xx, int consecutiveGatewayErrors, long seconds, int maxPercent) {}

  /**
   * What the proxy of a pod does.
   *
   * @param passing whether the pod passes on what others send through it by server name
   * @param subset empty for none
   * @return empty where the proxy is not told of the service
   */
  public static Optional<ClusterPicture> of(
      MeshSnapshot snapshot,
      Workload pod,
      boolean passing,
      MeshService service,
      ServicePort port,
      String subset) {
    ProxyNode node = ProxyNode.of(pod, passing ? ProxyRole.ROUTER : ProxyRole.SIDECAR);
    Viewpoint at = Viewpoint.of(snapshot, node, PolicyReads.of(snapshot));
    Scope scope = Scope.of(snapshot, at);
    Visible visible = scope.visible(service).orElse(null);
    if (visible == null) {
      return Optional.empty();
    }
    ServiceClusters clusters = new ServiceClusters(new ProxyView(scope, List.of(visible)));
    ClusterName.Outbound outbound =
        new ClusterName.Outbound(port.number(), subset, service.hostname());
    String name = passing ? outbound.sni().format() : outbound.format();
    List<ServiceClusters.Passage> passages = passing ? clusters.passages(List.of("*")) : List.of();
    List<OutboundClusterInputs> all =
        passing ? clusters.passthrough(passages) : clusters.outbound(visible);
    List<LoadAssignmentInputs> endpoints =
        passing ? clusters.passthroughEndpoints(passages) : clusters.outboundEndpoints(visible);
    return all.stream()
        .filter(in -> in.name().format().equals(name))
        .findFirst()
        .map(
            in ->
                picture(
                    in,
                    in.endpoints() instanceof EndpointSource.Resolved written
                        ? LocalityOrder.groups(written.endpoints())
                        : endpoints.stream()
                            .filter(e -> e.cluster().equals(name))
                            .findFirst()
                            .map(LocalityOrder::groups)
                            .orElse(List.of())));
  }

  private static ClusterPicture picture(OutboundClusterInputs in, List<Group> groups) {
    Cluster cluster = OutboundClusterTranslator.translate(in);
    return new ClusterPicture(
        in.name().format(),
        in.endpoints() instanceof EndpointSource.Dialled,
        cluster.getLbPolicy().name(),
        in.locality(),
        places(groups, in.locality().weighted()),
        ejection(cluster));
  }

  /** Where localities have no weights, all endpoints of a priority are one set. */
  private static List<Place> places(List<Group> groups, boolean weighted) {
    List<Group> first = groups.stream().filter(g -> g.priority() == 0).toList();
    double total = first.stream().mapToDouble(g -> weighted ? g.weight() : endpointWeight(g)).sum();
    List<Place> places = new ArrayList<>();
    for (Group group : groups) {
      double part = weighted ? group.weight() : endpointWeight(group);
      double share = group.priority() > 0 || total == 0 ? 0 : part / total;
      long own = endpointWeight(group);
      places.add(
          new Place(
              group.priority(),
              group.locality(),
              group.weight(),
              share,
              group.endpoints().stream()
                  .map(e -> new Target(e.address(), e.hop(), e.weight(), share * e.weight() / own))
                  .toList()));
    }
    return places;
  }

  private static long endpointWeight(Group group) {
    return group.endpoints().stream().mapToLong(LbEndpoint::weight).sum();
  }

  private static Optional<Ejection> ejection(Cluster cluster) {
    if (!cluster.hasOutlierDetection()) {
      return Optional.empty();
    }
    var outlier = cluster.getOutlierDetection();
    boolean gateway =
        outlier.hasEnforcingConsecutiveGatewayFailure()
            && outlier.getEnforcingConsecutiveGatewayFailure().getValue() > 0;
    boolean any =
        !outlier.hasEnforcingConsecutive5Xx()
            || outlier.getEnforcingConsecutive5Xx().getValue() > 0;
    return Optional.of(
        new Ejection(
            any
                ? or(
                    outlier.hasConsecutive5Xx(),
                    outlier.getConsecutive5Xx().getValue(),
                    DEFAULT_ERRORS)
                : 0,
            gateway ? outlier.getConsecutiveGatewayFailure().getValue() : 0,
            outlier.hasBaseEjectionTime()
                ? outlier.getBaseEjectionTime().getSeconds()
                : DEFAULT_SECONDS,
            or(
                outlier.hasMaxEjectionPercent(),
                outlier.getMaxEjectionPercent().getValue(),
                DEFAULT_EJECTION_PERCENT)));
  }

  private static int or(boolean given, int value, int otherwise) {
    return given ? value : otherwise;
  }
}
