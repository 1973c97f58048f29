package dev.weft.translate;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.weft.config.EnvoyFilter.ConfigureRoutes;
import dev.weft.config.TypedConfig;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The configuration of a filter as proxies read it.
 *
 * @param url the type URL
 */
record PackedConfig(String url, ByteString bytes) {

  /**
   * Of what a user wrote.
   *
   * @throws IllegalArgumentException where the message has no such field
   */
  static PackedConfig of(TypedConfig config) {
    Message.Builder message =
        switch (config.type()) {
          case LOCAL_RATE_LIMIT -> LocalRateLimit.newBuilder();
          case HEADER_MUTATION -> HeaderMutation.newBuilder();
          case COMPRESSOR -> Compressor.newBuilder();
          case HEADER_MUTATION_PER_ROUTE -> HeaderMutationPerRoute.newBuilder();
          case COMPRESSOR_PER_ROUTE -> CompressorPerRoute.newBuilder();
        };
    read(config.type().message(), config.fields(), message);
    Any any = DeterministicBytes.pack(message.build());
    return new PackedConfig(any.getTypeUrl(), any.getValue());
  }

  /**
   * What a user wrote for some routes.
   *
   * @throws IllegalArgumentException where a message has no such field
   */
  static RouteConfigs of(ConfigureRoutes patch) {
    Map<String, PackedConfig> filters = new LinkedHashMap<>();
    patch.configs().forEach((name, config) -> filters.put(name, of(config)));
    return new RouteConfigs(
        filters,
        patch.limits().rules().stream().map(PackedConfig::limit).toList(),
        patch.limits().withHost());
  }

  private static ByteString limit(Map<String, Object> fields) {
    RateLimit.Builder message = RateLimit.newBuilder();
    read("RateLimit", fields, message);
    return DeterministicBytes.pack(message.build()).getValue();
  }

  private static void read(String type, Map<String, Object> fields, Message.Builder message) {
    try {
      JsonFormat.parser()
          .usingTypeRegistry(TypeRegistry.newBuilder().add(Gzip.getDescriptor()).build())
          .merge(JsonFormat.printer().print(Structs.of(fields)), message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(type + ": " + e.getMessage(), e);
    }
  }

  Any any() {
    return Any.newBuilder().setTypeUrl(url).setValue(bytes).build();
  }
}
