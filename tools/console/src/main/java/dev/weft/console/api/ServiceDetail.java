package dev.weft.console.api;

import dev.weft.topology.picture.PictureEdge;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All about a service.
 *
 * @param virtualAddresses ClusterIPs by cluster
 * @param meshAddress for clients whose cluster has no such Service; may be empty
 * @param rules the objects that say something about its traffic
 */
public record ServiceDetail(
    ServiceRow service,
    Map<String, List<String>> virtualAddresses,
    String meshAddress,
    List<EndpointRow> endpoints,
    List<ObjectRef> rules,
    List<SubsetView> subsets,
    List<PictureEdge> callers,
    List<Finding> findings) {
  public ServiceDetail {
    virtualAddresses = new TreeMap<>(virtualAddresses);
    endpoints = List.copyOf(endpoints);
    rules = List.copyOf(rules);
    subsets = List.copyOf(subsets);
    callers = List.copyOf(callers);
    findings = List.copyOf(findings);
  }

  /**
   * An address and a port behind the service.
   *
   * @param pod empty for addresses written by hand; so are workload and version
   */
  public record EndpointRow(
      String cluster,
      String network,
      String locality,
      String address,
      String workload,
      String pod,
      boolean ready,
      int port,
      String version) {}

  /** A subset of a DestinationRule, and how many endpoints it selects. */
  public record SubsetView(String name, Map<String, String> labels, int endpoints) {
    public SubsetView {
      labels = new TreeMap<>(labels);
    }
  }
}
