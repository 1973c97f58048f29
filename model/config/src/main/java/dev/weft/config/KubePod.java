package dev.weft.config;

import java.util.List;
import java.util.Map;

/**
 * A pod.
 *
 * @param annotations only those that the mesh reads
 * @param ownerKind of the workload that made it: {@code Deployment} (seen through its ReplicaSet),
 *     {@code StatefulSet} …; empty for a bare pod
 * @param ready the condition {@code Ready}
 * @param terminating whether its deletion has begun
 */
public record KubePod(
    String namespace,
    String name,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<String> ips,
    String serviceAccount,
    String node,
    String ownerKind,
    String ownerName,
    String hostname,
    String subdomain,
    List<ContainerPort> ports,
    boolean hostNetwork,
    boolean ready,
    boolean terminating)
    implements KubeFact {

  public KubePod {
    labels = Copies.map(labels);
    annotations = Copies.map(annotations);
    ips = List.copyOf(ips);
    ports = List.copyOf(ports);
  }

  public record ContainerPort(String name, int port, String protocol) {}

  @Override
  public Key key() {
    return new Key(Kind.POD, namespace, name);
  }
}
