package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.config.ServiceEntry.Resolution;
import dev.weft.types.ClusterId;
import dev.weft.types.ServiceId;
import dev.weft.types.SpiffeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A service: the Services of the same name in all clusters, as one, or a host of a ServiceEntry.
 *
 * @param created when the oldest of its Services was made; older ones win conflicts
 * @param clusters the clusters that have the Service object, in order
 * @param ports merged over the clusters: the first cluster that names a port defines it
 * @param vips ClusterIPs by cluster; a headless service has none
 * @param meshVip an address of the mesh's own range, for clients whose cluster has no such Service
 * @param podVips of a service that is headless somewhere, the mesh's own addresses of its pods by
 *     their host names, for clients that cannot dial the pods themselves
 * @param headless whether it is headless in the cluster that defines it
 * @param externalName the host that it stands for, in lower case and without a dot at the end;
 *     empty except for type ExternalName
 * @param clusterLocal whether its endpoints are only for clients of their own cluster
 * @param nodeLocal whether endpoints are only for clients of their own node
 * @param identities of all endpoints in all clusters, in order
 * @param exportTo namespaces that see it; empty means all
 * @param labels of the Service in the cluster that defines it
 * @param annotations of the same
 * @param origin by what it is there
 * @param endpoints in the order of cluster and address
 */
public record MeshService(
    ServiceId id,
    String hostname,
    Instant created,
    List<ClusterId> clusters,
    List<ServicePort> ports,
    Map<ClusterId, List<String>> vips,
    String meshVip,
    Map<String, String> podVips,
    boolean headless,
    String externalName,
    boolean clusterLocal,
    boolean nodeLocal,
    boolean publishNotReady,
    Set<SpiffeId> identities,
    List<String> exportTo,
    Map<String, String> labels,
    Map<String, String> annotations,
    Map<ClusterId, Map<String, String>> selectors,
    ServiceOrigin origin,
    List<ServiceEndpoint> endpoints) {
  public MeshService {
    clusters = List.copyOf(clusters);
    ports = List.copyOf(ports);
    vips = Copies.map(vips);
    podVips = Copies.map(podVips);
    identities = Copies.set(identities);
    exportTo = List.copyOf(exportTo);
    labels = Copies.map(labels);
    annotations = Copies.map(annotations);
    selectors = Copies.map(selectors);
    endpoints = List.copyOf(endpoints);
  }

  /** The Services of the same name in all clusters. */
  public MeshService(
      ServiceId id,
      String hostname,
      Instant created,
      List<ClusterId> clusters,
      List<ServicePort> ports,
      Map<ClusterId, List<String>> vips,
      String meshVip,
      Map<String, String> podVips,
      boolean headless,
      String externalName,
      boolean clusterLocal,
      boolean nodeLocal,
      boolean publishNotReady,
      Set<SpiffeId> identities,
      List<String> exportTo,
      Map<String, String> labels,
      Map<String, String> annotations,
      Map<ClusterId, Map<String, String>> selectors,
      List<ServiceEndpoint> endpoints) {
    this(
        id,
        hostname,
        created,
        clusters,
        ports,
        vips,
        meshVip,
        podVips,
        headless,
        externalName,
        clusterLocal,
        nodeLocal,
        publishNotReady,
        identities,
        exportTo,
        labels,
        annotations,
        selectors,
        new ServiceOrigin.Clusters(),
        endpoints);
  }

  /** The ServiceEntry that it is; empty for Services. */
  public Optional<ServiceOrigin.Entry> entry() {
    return switch (origin) {
      case ServiceOrigin.Clusters clusters -> Optional.empty();
      case ServiceOrigin.Entry entry -> Optional.of(entry);
    };
  }

  /** Whether it is outside of the mesh: no endpoint speaks the mesh's mutual TLS. */
  public boolean outside() {
    return !externalName.isEmpty() || entry().map(ServiceOrigin.Entry::external).orElse(false);
  }

  /** Whether clients dial what they have looked up, and the mesh does not choose for them. */
  public boolean unresolved() {
    return entry().map(e -> e.resolution() == Resolution.NONE).orElse(false);
  }

  /** Whether proxies look up the names of its endpoints. */
  public boolean resolvesNames() {
    return entry()
        .map(
            e ->
                switch (e.resolution()) {
                  case DNS, DNS_ROUND_ROBIN -> true;
                  case NONE, STATIC -> false;
                })
        .orElse(false);
  }

  /** The addresses and ranges that a ServiceEntry names. */
  public List<String> ownAddresses() {
    return entry().map(ServiceOrigin.Entry::addresses).orElse(List.of());
  }

  /** Ranges of addresses, in CIDR notation, that are all its own. */
  public List<String> ranges() {
    return ownAddresses().stream().filter(address -> address.indexOf('/') >= 0).toList();
  }

  public Optional<ServicePort> port(int number) {
    return ports.stream().filter(p -> p.number() == number).findFirst();
  }

  public Optional<ServicePort> port(String name) {
    return ports.stream().filter(p -> p.name().equals(name)).findFirst();
  }

  /**
   * The addresses under which clients of a cluster know the service: the ClusterIPs there, else the
   * mesh's own; of a ServiceEntry those that it names, else the mesh's own. Never another
   * cluster's, which could be somebody else's address here. Empty for a service that is headless
   * there.
   */
  public List<String> addressesFor(ClusterId cluster) {
    if (!ownAddresses().isEmpty()) {
      return ownAddresses().stream().filter(address -> address.indexOf('/') < 0).toList();
    }
    List<String> own = vips.get(cluster);
    if (own != null) {
      return own;
    }
    if (clusters.contains(cluster) || headless || meshVip.isEmpty()) {
      return List.of();
    }
    return List.of(meshVip);
  }

  /**
   * Whether clients of a cluster are given the addresses of pods: as the Service there says, else
   * as the one that defines the service.
   */
  public boolean headlessFor(ClusterId cluster) {
    return clusters.contains(cluster)
        ? externalName.isEmpty() && !vips.containsKey(cluster)
        : headless;
  }

  /** The full host name of one of its pods. */
  public String podHost(String pod) {
    return pod + "." + hostname;
  }

  /** Whether nothing but the endpoints differs; their identities count as more than endpoints. */
  boolean equalsExceptEndpoints(MeshService other) {
    return withEndpoints(List.of()).equals(other.withEndpoints(List.of()));
  }

  /** The same service with other endpoints; what was merged of the old ones stays. */
  public MeshService withEndpoints(List<ServiceEndpoint> replaced) {
    return new MeshService(
        id,
        hostname,
        created,
        clusters,
        ports,
        vips,
        meshVip,
        podVips,
        headless,
        externalName,
        clusterLocal,
        nodeLocal,
        publishNotReady,
        identities,
        exportTo,
        labels,
        annotations,
        selectors,
        origin,
        replaced);
  }

  /** Whether a namespace may see it. */
  public boolean visibleTo(String namespace) {
    return Visibility.visible(exportTo, id.namespace(), namespace);
  }
}
