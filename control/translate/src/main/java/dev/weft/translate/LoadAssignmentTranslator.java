package dev.weft.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.UInt32Value;
import dev.weft.translate.LoadAssignmentInputs.LbEndpoint;
import dev.weft.types.HopLabel;
import dev.weft.types.Locality;
import dev.weft.xds.EncodedMessage;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.Map;

/** Endpoints. Istio: pilot/pkg/xds/endpoints/endpoint_builder.go. */
final class LoadAssignmentTranslator {
  private LoadAssignmentTranslator() {}

  /** The assignment of a cluster, locality by locality. */
  static Assembly<LocalityOrder.Group> translate(LoadAssignmentInputs in) {
    return new Assembly<>(
        ClusterLoadAssignment.newBuilder().setClusterName(in.cluster()).build(),
        LocalityOrder.groups(in),
        ClusterLoadAssignment.getDefaultInstance());
  }

  /** An assignment that stands in its cluster. */
  static ClusterLoadAssignment whole(LoadAssignmentInputs in) {
    ClusterLoadAssignment.Builder all =
        ClusterLoadAssignment.newBuilder().setClusterName(in.cluster());
    LocalityOrder.groups(in).forEach(group -> all.addEndpoints(endpoints(group)));
    return all.build();
  }

  /** A group as a field of an assignment. */
  static ByteString field(LocalityOrder.Group group) {
    return EncodedMessage.field(ClusterLoadAssignment.ENDPOINTS_FIELD_NUMBER, endpoints(group));
  }

  private static LocalityLbEndpoints endpoints(LocalityOrder.Group group) {
    LocalityLbEndpoints.Builder endpoints =
        LocalityLbEndpoints.newBuilder()
            .setLocality(locality(group.locality()))
            .setPriority(group.priority())
            .setLoadBalancingWeight(weight(group.weight()));
    group.endpoints().forEach(e -> endpoints.addLbEndpoints(endpoint(e)));
    return endpoints.build();
  }

  private static UInt32Value weight(long weight) {
    return UInt32Value.of((int) Math.clamp(weight, 1, Integer.MAX_VALUE));
  }

  private static io.envoyproxy.envoy.config.core.v3.Locality locality(Locality locality) {
    return io.envoyproxy.envoy.config.core.v3.Locality.newBuilder()
        .setRegion(locality.region())
        .setZone(locality.zone())
        .setSubZone(locality.subzone())
        .build();
  }

  private static io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint endpoint(LbEndpoint e) {
    Metadata.Builder metadata =
        Metadata.newBuilder()
            .putFilterMetadata("istio", Structs.of(Map.of("workload", e.workload())));
    if (e.mtls()) {
      metadata.putFilterMetadata(
          "envoy.transport_socket_match", Structs.of(Map.of("tlsMode", "istio")));
    }
    if (!e.hop().isEmpty()) {
      metadata.putFilterMetadata(HopLabel.METADATA, Structs.of(Map.of(HopLabel.FIELD, e.hop())));
    }
    io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint.Builder endpoint =
        io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint.newBuilder()
            .setEndpoint(
                Endpoint.newBuilder()
                    .setAddress(Addresses.of(e.address().host(), e.address().port())))
            .setLoadBalancingWeight(weight(e.weight()))
            .setMetadata(metadata);
    if (!e.healthy()) {
      endpoint.setHealthStatus(HealthStatus.UNHEALTHY);
    }
    return endpoint.build();
  }
}
