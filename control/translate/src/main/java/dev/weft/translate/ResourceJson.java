package dev.weft.translate;

import com.github.udpa.udpa.type.v1.TypedStruct;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.weft.xds.nds.NameTable;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.EcdsConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.ScopedRoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
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
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;

/**
 * Resources as canonical protobuf JSON with sorted map keys and the field names of Envoy's
 * documentation: the same text for the same resource. Immutable.
 */
public final class ResourceJson {
  private final JsonFormat.Printer printer =
      JsonFormat.printer()
          .usingTypeRegistry(
              TypeRegistry.newBuilder()
                  .add(Cluster.getDescriptor())
                  .add(ClusterLoadAssignment.getDescriptor())
                  .add(Listener.getDescriptor())
                  .add(RouteConfiguration.getDescriptor())
                  .add(VirtualHost.getDescriptor())
                  .add(Secret.getDescriptor())
                  .add(TypedExtensionConfig.getDescriptor())
                  .add(NameTable.getDescriptor())
                  .add(BootstrapConfigDump.getDescriptor())
                  .add(ClustersConfigDump.getDescriptor())
                  .add(EndpointsConfigDump.getDescriptor())
                  .add(ListenersConfigDump.getDescriptor())
                  .add(ScopedRoutesConfigDump.getDescriptor())
                  .add(RoutesConfigDump.getDescriptor())
                  .add(SecretsConfigDump.getDescriptor())
                  .add(EcdsConfigDump.getDescriptor())
                  .add(FileAccessLog.getDescriptor())
                  .add(ExpressionFilter.getDescriptor())
                  .add(HttpConnectionManager.getDescriptor())
                  .add(TcpProxy.getDescriptor())
                  .add(TlsInspector.getDescriptor())
                  .add(HttpInspector.getDescriptor())
                  .add(OriginalDst.getDescriptor())
                  .add(FilterConfig.getDescriptor())
                  .add(HTTPFault.getDescriptor())
                  .add(JwtAuthentication.getDescriptor())
                  .add(ExtAuthz.getDescriptor())
                  .add(RBAC.getDescriptor())
                  .add(io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.getDescriptor())
                  .add(UriTemplateMatchConfig.getDescriptor())
                  .add(Cors.getDescriptor())
                  .add(CorsPolicy.getDescriptor())
                  .add(ZipkinConfig.getDescriptor())
                  .add(OpenTelemetryConfig.getDescriptor())
                  .add(UuidRequestIdConfig.getDescriptor())
                  .add(Router.getDescriptor())
                  .add(LocalRateLimit.getDescriptor())
                  .add(HeaderMutation.getDescriptor())
                  .add(HeaderMutationPerRoute.getDescriptor())
                  .add(Compressor.getDescriptor())
                  .add(CompressorPerRoute.getDescriptor())
                  .add(Gzip.getDescriptor())
                  .add(TypedStruct.getDescriptor())
                  .add(UpstreamTlsContext.getDescriptor())
                  .add(DownstreamTlsContext.getDescriptor())
                  .add(RawBuffer.getDescriptor())
                  .add(HttpProtocolOptions.getDescriptor())
                  .add(PreviousHostsPredicate.getDescriptor())
                  .add(PreviousPrioritiesConfig.getDescriptor())
                  .build())
          .preservingProtoFieldNames()
          .sortingMapKeys();

  /** The resource with its type under {@code @type}. */
  public String print(Any resource) {
    try {
      return printer.print(resource);
    } catch (InvalidProtocolBufferException e) {
      // Every type that a translator makes is registered above.
      throw new IllegalArgumentException("no JSON form of " + resource.getTypeUrl(), e);
    }
  }
}
