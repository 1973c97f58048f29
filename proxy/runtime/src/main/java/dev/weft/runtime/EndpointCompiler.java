package dev.weft.runtime;

import dev.weft.routing.Endpoint;
import dev.weft.routing.LoadAssignment;
import dev.weft.types.HopLabel;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import dev.weft.types.Names;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoStruct;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ClusterLoadAssignment}. */
final class EndpointCompiler {
  private EndpointCompiler() {}

  static LoadAssignment assignment(ProtoFields in) {
    ProtoFields policy = in.message(4, "policy");
    int overprovisioning = LoadAssignment.DEFAULT_OVERPROVISIONING;
    if (policy != null) {
      overprovisioning = (int) policy.wrapped(3, overprovisioning);
      if (policy.bool(6)) {
        throw policy.reject("weighted_priority_health", "is not supported");
      }
    }
    return new LoadAssignment(
        in.text(1), in.each(2, "endpoints", EndpointCompiler::group), overprovisioning);
  }

  private static LoadAssignment.Group group(ProtoFields in) {
    in.ignore(IgnoredInClusters.ENDPOINT_GROUP);
    return new LoadAssignment.Group(
        locality(in.message(1, "locality")),
        in.integer(5),
        (int) in.wrapped(3, 0),
        in.each(2, "lb_endpoints", EndpointCompiler::endpoint));
  }

  static Locality locality(@Nullable ProtoFields in) {
    return in == null ? Locality.UNKNOWN : new Locality(in.text(1), in.text(2), in.text(3));
  }

  private static Endpoint endpoint(ProtoFields in) {
    ProtoFields endpoint = in.required(1, "endpoint");
    endpoint.ignore(IgnoredInClusters.ENDPOINT);
    HostPort address = address(endpoint.required(1, "address"));
    Map<String, String> transportMatch = Map.of();
    String workload = "";
    String hop = "";
    ProtoFields metadata = in.message(3, "metadata");
    if (metadata != null) {
      metadata.ignore(IgnoredInClusters.METADATA);
      Map<String, ProtoFields> filters = metadata.map(1, "filter_metadata");
      ProtoFields match = filters.get("envoy.transport_socket_match");
      transportMatch = match == null ? Map.of() : ProtoStruct.texts(match);
      ProtoFields istio = filters.get("istio");
      if (istio != null && ProtoStruct.read(istio).get("workload") instanceof String text) {
        workload = text;
      }
      ProtoFields named = filters.get(HopLabel.METADATA);
      if (named != null && ProtoStruct.read(named).get(HopLabel.FIELD) instanceof String text) {
        hop = text;
        if (!Names.isLabel(hop)) {
          throw metadata.reject(
              "filter_metadata[" + HopLabel.METADATA + "]", "'" + hop + "' is not a DNS label");
        }
      }
      filters.values().forEach(each -> each.ignore(IgnoredInClusters.OTHER_METADATA));
    }
    return new Endpoint(
        address,
        endpoint.text(3),
        (int) Math.clamp(in.wrapped(4, 1), 1, Integer.MAX_VALUE),
        health(in, in.integer(2)),
        transportMatch,
        workload,
        hop);
  }

  private static Endpoint.Health health(ProtoFields in, int status) {
    return switch (status) {
      case 0, 1 -> Endpoint.Health.HEALTHY;
      case 2, 4 -> Endpoint.Health.UNHEALTHY;
      case 3 -> Endpoint.Health.DRAINING;
      case 5 -> Endpoint.Health.DEGRADED;
      default -> throw in.reject("health_status", "unknown value " + status);
    };
  }

  /** A TCP socket address; pipes and internal addresses are refused. */
  static HostPort address(ProtoFields in) {
    ProtoFields socket = in.message(1, "socket_address");
    if (socket == null) {
      throw in.reject("socket_address", "only socket addresses are supported");
    }
    if (socket.integer(1) != 0) {
      throw socket.reject("protocol", "only TCP is supported");
    }
    socket.ignore(IgnoredInClusters.SOCKET_ADDRESS);
    int port = socket.integer(3);
    if (port < 1 || port > 65535) {
      throw socket.reject("port_value", port + " is not in 1-65535");
    }
    return new HostPort(socket.text(2), port);
  }
}
