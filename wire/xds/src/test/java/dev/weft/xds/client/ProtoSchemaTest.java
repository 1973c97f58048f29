package dev.weft.xds.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.weft.xds.nds.NameTable;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
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
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProtoSchemaTest {
  private static final List<Descriptor> ROOTS =
      List.of(
          Listener.getDescriptor(),
          RouteConfiguration.getDescriptor(),
          Cluster.getDescriptor(),
          ClusterLoadAssignment.getDescriptor(),
          NameTable.getDescriptor(),
          HttpConnectionManager.getDescriptor(),
          TcpProxy.getDescriptor(),
          Router.getDescriptor(),
          HTTPFault.getDescriptor(),
          CorsPolicy.getDescriptor(),
          RBAC.getDescriptor(),
          io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.getDescriptor(),
          JwtAuthentication.getDescriptor(),
          ExtAuthz.getDescriptor(),
          FilterConfig.getDescriptor(),
          LocalRateLimit.getDescriptor(),
          Compressor.getDescriptor(),
          CompressorPerRoute.getDescriptor(),
          Gzip.getDescriptor(),
          HeaderMutation.getDescriptor(),
          HeaderMutationPerRoute.getDescriptor(),
          FileAccessLog.getDescriptor(),
          ExpressionFilter.getDescriptor(),
          TlsInspector.getDescriptor(),
          DownstreamTlsContext.getDescriptor(),
          UpstreamTlsContext.getDescriptor(),
          Secret.getDescriptor(),
          HttpProtocolOptions.getDescriptor(),
          com.github.udpa.udpa.type.v1.TypedStruct.getDescriptor());

  /** Run with {@code -Dupdate.golden=true} to write the table anew. */
  @Test
  void the_table_is_equal_to_the_published_api() throws IOException {
    String expected = table();
    Path source = Path.of("src/main/resources/dev/weft/xds/client", ProtoSchema.RESOURCE);
    if (Boolean.getBoolean("update.golden")) {
      Files.writeString(source, expected);
    }
    assertThat(Files.readString(source, StandardCharsets.UTF_8)).isEqualTo(expected);
  }

  @Test
  void a_field_is_named_by_the_path_to_its_message() {
    assertThat(
            ProtoSchema.fieldName(
                "envoy.config.route.v3.RouteConfiguration", "virtual_hosts[2].routes[0].route", 27))
        .isEqualTo("hedge_policy");
    assertThat(ProtoSchema.fieldName("", "x", 3)).isEqualTo("#3");
  }

  private static String table() {
    Map<String, String> sections = new TreeMap<>();
    Deque<Descriptor> left = new ArrayDeque<>(ROOTS);
    while (!left.isEmpty()) {
      Descriptor message = left.pop();
      String key = "M " + message.getFullName();
      if (sections.containsKey(key)) {
        continue;
      }
      StringBuilder lines = new StringBuilder();
      for (FieldDescriptor field : message.getFields()) {
        lines.append(line(field)).append('\n');
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
          left.push(
              field.isMapField()
                  ? valueMessage(field, field.getMessageType())
                  : field.getMessageType());
        }
        if (field.getJavaType() == FieldDescriptor.JavaType.ENUM) {
          sections.put("E " + field.getEnumType().getFullName(), values(field.getEnumType()));
        }
      }
      sections.put(key, lines.toString());
    }
    StringBuilder out = new StringBuilder();
    sections.forEach((key, lines) -> out.append(key).append('\n').append(lines));
    return out.toString();
  }

  private static Descriptor valueMessage(FieldDescriptor map, Descriptor entry) {
    FieldDescriptor value = entry.findFieldByNumber(2);
    return value.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        ? value.getMessageType()
        : map.getContainingType();
  }

  private static String line(FieldDescriptor field) {
    FieldDescriptor typed =
        field.isMapField() ? field.getMessageType().findFieldByNumber(2) : field;
    String sigil = field.isMapField() ? "%" : field.isRepeated() ? "*" : "";
    String head = field.getNumber() + " " + field.getName() + " " + sigil;
    return switch (typed.getType()) {
      case STRING -> head + "string";
      case BYTES -> head + "bytes";
      case BOOL -> head + "bool";
      case INT32, INT64, SFIXED32, SFIXED64 -> head + "int";
      case UINT32, UINT64, FIXED32, FIXED64 -> head + "uint";
      case SINT32, SINT64 -> head + "sint";
      case DOUBLE -> head + "double";
      case FLOAT -> head + "float";
      case ENUM -> head + "enum " + typed.getEnumType().getFullName();
      case MESSAGE, GROUP -> head + "message " + typed.getMessageType().getFullName();
    };
  }

  private static String values(EnumDescriptor type) {
    StringBuilder lines = new StringBuilder();
    type.getValues()
        .forEach(v -> lines.append(v.getNumber()).append(' ').append(v.getName()).append('\n'));
    return lines.toString();
  }
}
