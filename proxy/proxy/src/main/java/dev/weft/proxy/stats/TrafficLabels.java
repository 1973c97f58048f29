package dev.weft.proxy.stats;

import dev.weft.routing.Endpoint;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.Listener;
import dev.weft.server.worker.TrafficRecord;
import org.jspecify.annotations.Nullable;

/**
 * The labels that all of Istio's metrics have (Istio: "Istio Standard Metrics"). The source side
 * reports what it learnt of the destination, or what the control plane says of the endpoint; the
 * destination side what it learnt of the source.
 */
final class TrafficLabels {
  private static final String NOTHING = Peer.NOTHING;

  private TrafficLabels() {}

  /** What the labels depend on; equal keys have equal labels. */
  record Key(
      boolean inbound,
      @Nullable Cluster cluster,
      String endpointWorkload,
      String peerMetadata,
      String downstreamPrincipal,
      String upstreamPrincipal,
      boolean mutualTls) {

    static Key of(TrafficRecord record) {
      boolean inbound = record.listener().direction() == Listener.Direction.INBOUND;
      Cluster cluster = record.cluster();
      Endpoint endpoint = record.endpoint();
      String metadata = inbound ? record.downstreamPeerMetadata() : record.upstreamPeerMetadata();
      return new Key(
          inbound,
          cluster,
          inbound || endpoint == null ? "" : endpoint.workload(),
          metadata == null ? "" : metadata,
          record.downstreamPrincipal(),
          record.upstreamPrincipal(),
          record.downstreamMutualTls());
    }
  }

  static String of(Key key, Peer own, String ownPrincipal) {
    Peer other = other(key);
    Peer source = key.inbound() ? other : own;
    Peer destination = key.inbound() ? own : other;
    String sourcePrincipal = NOTHING;
    String destinationPrincipal = NOTHING;
    if (key.inbound()) {
      if (key.mutualTls()) {
        sourcePrincipal = known(key.downstreamPrincipal());
        destinationPrincipal = known(ownPrincipal);
      }
    } else if (!key.upstreamPrincipal().isEmpty()) {
      sourcePrincipal = known(ownPrincipal);
      destinationPrincipal = key.upstreamPrincipal();
    }
    Labels labels = new Labels();
    labels.add("reporter", key.inbound() ? "destination" : "source");
    side(labels, "source", source, sourcePrincipal);
    side(labels, "destination", destination, destinationPrincipal);
    service(labels, key, destination);
    labels.add(
        "connection_security_policy",
        key.inbound() ? key.mutualTls() ? "mutual_tls" : "none" : NOTHING);
    return labels.toString();
  }

  private static Peer other(Key key) {
    if (!key.peerMetadata().isEmpty()) {
      return Peer.ofMetadata(key.peerMetadata());
    }
    return key.endpointWorkload().isEmpty()
        ? Peer.UNKNOWN
        : Peer.ofEndpoint(key.endpointWorkload());
  }

  private static void side(Labels labels, String side, Peer peer, String principal) {
    labels
        .add(side + "_workload", peer.workload())
        .add(side + "_workload_namespace", peer.namespace())
        .add(side + "_principal", principal)
        .add(side + "_app", peer.app())
        .add(side + "_version", peer.version())
        .add(side + "_cluster", peer.cluster())
        .add(side + "_canonical_service", peer.canonicalService())
        .add(side + "_canonical_revision", peer.canonicalRevision());
  }

  private static void service(Labels labels, Key key, Peer destination) {
    String host = NOTHING;
    String name = NOTHING;
    String namespace = NOTHING;
    Cluster cluster = key.cluster();
    if (cluster != null && !cluster.services().isEmpty()) {
      Cluster.ServiceName service = cluster.services().getFirst();
      host = known(service.host());
      name = known(service.name());
      namespace = known(service.namespace());
    } else if (key.inbound()) {
      // Istio: disableHostHeaderFallback. What a client writes into Host makes no series.
      namespace = destination.namespace();
    } else if (cluster != null) {
      String clusterName = cluster.name();
      name = clusterName.endsWith("Cluster") ? clusterName : NOTHING;
    }
    labels
        .add("destination_service", host)
        .add("destination_service_name", name)
        .add("destination_service_namespace", namespace);
  }

  private static String known(String value) {
    return value.isEmpty() ? NOTHING : value;
  }
}
