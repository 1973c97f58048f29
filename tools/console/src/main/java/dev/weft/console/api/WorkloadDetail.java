package dev.weft.console.api;

import dev.weft.topology.picture.PictureEdge;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All about a workload.
 *
 * @param services that have one of its pods as an endpoint
 */
public record WorkloadDetail(
    WorkloadRow workload,
    List<PodRow> pods,
    List<PictureEdge> in,
    List<PictureEdge> out,
    List<ObjectRef> services,
    List<Finding> findings) {
  public WorkloadDetail {
    pods = List.copyOf(pods);
    in = List.copyOf(in);
    out = List.copyOf(out);
    services = List.copyOf(services);
    findings = List.copyOf(findings);
  }

  /**
   * A pod.
   *
   * @param identity its SPIFFE URI
   * @param proxy the id of its proxy while that is connected; else empty
   */
  public record PodRow(
      String name,
      String address,
      String node,
      String locality,
      boolean ready,
      boolean injected,
      String identity,
      Map<String, String> labels,
      String proxy) {
    public PodRow {
      labels = new TreeMap<>(labels);
    }
  }
}
