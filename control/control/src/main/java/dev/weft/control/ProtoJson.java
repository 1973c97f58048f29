package dev.weft.control;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.weft.xds.nds.NameTable;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.List;

/** Resources as JSON, as Envoy's own dump writes them. */
final class ProtoJson {
  private final JsonFormat.Printer printer;

  ProtoJson() {
    List<Descriptor> known =
        List.of(
            Cluster.getDescriptor(),
            ClusterLoadAssignment.getDescriptor(),
            Listener.getDescriptor(),
            RouteConfiguration.getDescriptor(),
            Secret.getDescriptor(),
            NameTable.getDescriptor(),
            FileAccessLog.getDescriptor(),
            Cors.getDescriptor(),
            HTTPFault.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.http.grpc_stats.v3.FilterConfig.getDescriptor(),
            Router.getDescriptor(),
            HttpInspector.getDescriptor(),
            OriginalDst.getDescriptor(),
            TlsInspector.getDescriptor(),
            HttpConnectionManager.getDescriptor(),
            TcpProxy.getDescriptor(),
            PreviousHostsPredicate.getDescriptor(),
            PreviousPrioritiesConfig.getDescriptor(),
            RawBuffer.getDescriptor(),
            DownstreamTlsContext.getDescriptor(),
            UpstreamTlsContext.getDescriptor(),
            HttpProtocolOptions.getDescriptor());
    printer =
        JsonFormat.printer()
            .usingTypeRegistry(TypeRegistry.newBuilder().add(known).build())
            .preservingProtoFieldNames();
  }

  /** The message; where a part of it has an unknown type, an object that says so. */
  String print(Any message) {
    try {
      return printer.print(message);
    } catch (InvalidProtocolBufferException e) {
      return "{\"@type\": \""
          + message.getTypeUrl()
          + "\", \"error\": \"it holds a type that this dump does not know\"}";
    }
  }
}
