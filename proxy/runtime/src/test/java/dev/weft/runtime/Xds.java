package dev.weft.runtime;

import com.github.udpa.udpa.type.v1.TypedStruct;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.weft.xds.XdsType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.trace.v3.DatadogConfig;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig;
import io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig;
import io.envoyproxy.envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.samplers.v3.AlwaysOnSamplerConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.List;

/** Resources written as Envoy's JSON. */
final class Xds {
  private static final JsonFormat.Parser PARSER =
      JsonFormat.parser()
          .usingTypeRegistry(
              JsonFormat.TypeRegistry.newBuilder()
                  .add(
                      List.of(
                          HttpConnectionManager.getDescriptor(),
                          TcpProxy.getDescriptor(),
                          Router.getDescriptor(),
                          HTTPFault.getDescriptor(),
                          JwtAuthentication.getDescriptor(),
                          ExtAuthz.getDescriptor(),
                          RBAC.getDescriptor(),
                          io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC
                              .getDescriptor(),
                          UriTemplateMatchConfig.getDescriptor(),
                          CorsPolicy.getDescriptor(),
                          FilterConfig.getDescriptor(),
                          LocalRateLimit.getDescriptor(),
                          Compressor.getDescriptor(),
                          CompressorPerRoute.getDescriptor(),
                          Gzip.getDescriptor(),
                          HeaderMutation.getDescriptor(),
                          HeaderMutationPerRoute.getDescriptor(),
                          io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors.getDescriptor(),
                          TypedStruct.getDescriptor(),
                          FileAccessLog.getDescriptor(),
                          OriginalDst.getDescriptor(),
                          TlsInspector.getDescriptor(),
                          HttpInspector.getDescriptor(),
                          io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3
                              .PreviousHostsPredicate.getDescriptor(),
                          PreviousPrioritiesConfig.getDescriptor(),
                          ExpressionFilter.getDescriptor(),
                          RawBuffer.getDescriptor(),
                          DownstreamTlsContext.getDescriptor(),
                          UpstreamTlsContext.getDescriptor(),
                          HttpProtocolOptions.getDescriptor(),
                          ZipkinConfig.getDescriptor(),
                          OpenTelemetryConfig.getDescriptor(),
                          DatadogConfig.getDescriptor(),
                          AlwaysOnSamplerConfig.getDescriptor(),
                          UuidRequestIdConfig.getDescriptor()))
                  .build());

  private Xds() {}

  static Change listener(String json) {
    return set(
        XdsType.LISTENER, json, io.envoyproxy.envoy.config.listener.v3.Listener.newBuilder());
  }

  static Change route(String json) {
    return set(XdsType.ROUTE, json, RouteConfiguration.newBuilder());
  }

  static Change cluster(String json) {
    return set(XdsType.CLUSTER, json, Cluster.newBuilder());
  }

  static Change endpoints(String json) {
    return set(XdsType.ENDPOINT, json, ClusterLoadAssignment.newBuilder());
  }

  private static Change set(XdsType type, String json, Message.Builder builder) {
    try {
      PARSER.merge(json, builder);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    Message message = builder.build();
    Object name =
        message.getField(
            message
                .getDescriptorForType()
                .findFieldByName(type == XdsType.ENDPOINT ? "cluster_name" : "name"));
    return new Change.Set(type, (String) name, message.toByteArray());
  }
}
