package dev.weft.translate;

import dev.weft.config.Copies;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import java.util.List;
import java.util.Map;

/**
 * The endpoints of one cluster for one client.
 *
 * @param cluster the name of the cluster
 * @param endpoints in the order in which they are written
 * @param client where the client is, which matters to {@link LocalityPreference.Shares} and {@link
 *     LocalityPreference.Nearest}
 * @param clientLabels of the client, those that the preference names
 */
public record LoadAssignmentInputs(
    String cluster,
    List<LbEndpoint> endpoints,
    LocalityPreference preference,
    Locality client,
    Map<String, String> clientLabels) {
  public LoadAssignmentInputs {
    endpoints = List.copyOf(endpoints);
    clientLabels = Copies.map(clientLabels);
  }

  /** One host that is no workload of the mesh. */
  static LoadAssignmentInputs of(String cluster, HostPort host) {
    LbEndpoint endpoint =
        new LbEndpoint(host, Locality.UNKNOWN, 1, false, ";;;;", true, Map.of(), "");
    return new LoadAssignmentInputs(
        cluster, List.of(endpoint), new LocalityPreference.Ignored(), Locality.UNKNOWN, Map.of());
  }

  /**
   * An address to dial.
   *
   * @param weight at least 1
   * @param mtls whether mutual TLS is spoken to it
   * @param workload {@code <workload>;<namespace>;<canonical service>;<revision>;<cluster>}, for
   *     telemetry; empty parts are unknown
   * @param healthy false where it is there but not ready
   * @param labels those that the preference names
   * @param hop by which the gateway at this address is told which endpoint is meant; empty where
   *     the address is the endpoint's own, or the gateway chooses
   */
  public record LbEndpoint(
      HostPort address,
      Locality locality,
      int weight,
      boolean mtls,
      String workload,
      boolean healthy,
      Map<String, String> labels,
      String hop) {
    public LbEndpoint {
      labels = Copies.map(labels);
    }
  }
}
