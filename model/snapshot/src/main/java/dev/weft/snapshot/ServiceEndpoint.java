package dev.weft.snapshot;

import dev.weft.config.Copies;
import dev.weft.types.AppProtocol;
import dev.weft.types.ClusterId;
import dev.weft.types.Locality;
import dev.weft.types.NetworkId;
import dev.weft.types.SpiffeId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An address behind a service in one cluster.
 *
 * @param ports what it listens on, by the name of the service port
 * @param workload the pod; null for addresses written by hand
 * @param labels of the pod, with the topology labels added
 * @param mtls whether it speaks mutual TLS as a workload of the mesh
 * @param hostname the pod's own host name below a headless service; empty for none
 * @param weight at least 1: how many requests it gets beside others
 * @param identity as whom it shows itself in mutual TLS; null where nobody knows
 */
public record ServiceEndpoint(
    ClusterId cluster,
    String address,
    Map<String, Integer> ports,
    Health health,
    NetworkId network,
    Locality locality,
    String node,
    Map<String, String> labels,
    boolean mtls,
    String hostname,
    @Nullable Workload workload,
    int weight,
    @Nullable SpiffeId identity) {
  /** The cluster of what is in none, as telemetry calls it. */
  public static final ClusterId NO_CLUSTER = new ClusterId("unknown");

  public ServiceEndpoint {
    ports = Copies.map(ports);
    labels = Copies.map(labels);
  }

  /** A pod, or an address behind a Service. */
  public ServiceEndpoint(
      ClusterId cluster,
      String address,
      Map<String, Integer> ports,
      Health health,
      NetworkId network,
      Locality locality,
      String node,
      Map<String, String> labels,
      boolean mtls,
      String hostname,
      @Nullable Workload workload) {
    this(
        cluster,
        address,
        ports,
        health,
        network,
        locality,
        node,
        labels,
        mtls,
        hostname,
        workload,
        1,
        workload == null ? null : workload.identity());
  }

  /** Whether it can take requests. */
  public enum Health {
    READY,
    NOT_READY,
    /** On its way out, but still answering. */
    TERMINATING
  }

  /** Where it listens for a port of its service; null where it does not, or not over TCP. */
  public @Nullable Integer target(ServicePort port) {
    return port.protocol() == AppProtocol.UDP ? null : ports.get(port.name());
  }

  /** For messages: the pod, or the address where there is none. */
  public String name() {
    return workload == null ? address : workload.key().pod() + "." + workload.key().namespace();
  }
}
