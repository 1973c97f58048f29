package dev.weft.translate;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.weft.config.TypedConfig;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3.Gzip;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;

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
    try {
      JsonFormat.parser()
          .usingTypeRegistry(TypeRegistry.newBuilder().add(Gzip.getDescriptor()).build())
          .merge(JsonFormat.printer().print(Structs.of(config.fields())), message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(config.type().message() + ": " + e.getMessage(), e);
    }
    Any any = DeterministicBytes.pack(message.build());
    return new PackedConfig(any.getTypeUrl(), any.getValue());
  }

  Any any() {
    return Any.newBuilder().setTypeUrl(url).setValue(bytes).build();
  }
}
