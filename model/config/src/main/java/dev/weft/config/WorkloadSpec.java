package dev.weft.config;

import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import java.util.Map;

/**
 * A workload that somebody wrote down, as no cluster has a pod for it.
 *
 * @param address an IP address or a host name; empty where only the gateways of its network know it
 * @param ports what it listens on, by the names of service ports
 * @param network unnamed where it is not written
 * @param weight at least 1
 * @param serviceAccount empty where it is not known
 */
public record WorkloadSpec(
    String address,
    Map<String, Integer> ports,
    Map<String, String> labels,
    NetworkId network,
    Locality locality,
    int weight,
    String serviceAccount) {
  private static final String TLS_MODE = "security.istio.io/tlsMode";

  public WorkloadSpec {
    ports = Copies.map(ports);
    labels = Copies.map(labels);
  }

  /**
   * Whether it speaks mutual TLS: as its label says, else where it has a service account. Istio:
   * pilot/pkg/serviceregistry/serviceentry/conversion.go.
   */
  public boolean mtls() {
    String mode = labels.get(TLS_MODE);
    return mode == null ? !serviceAccount.isEmpty() : mode.equals("istio");
  }
}
