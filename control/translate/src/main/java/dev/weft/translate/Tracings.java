package dev.weft.translate;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import dev.weft.config.TraceProvider;
import dev.weft.config.TraceTag;
import dev.weft.xds.ClusterName;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.core.v3.HttpService;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.config.trace.v3.Tracing.Http;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig;
import io.envoyproxy.envoy.config.trace.v3.ZipkinConfig.CollectorEndpointVersion;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.RequestIDExtension;
import io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.Map;

/** Tracing of connection managers. Istio: pilot/pkg/networking/core/tracing.go. */
final class Tracings {
  private Tracings() {}

  static Tracing of(TraceInputs in) {
    Tracing.Builder tracing =
        Tracing.newBuilder()
            .setClientSampling(percent(100))
            .setRandomSampling(percent(in.sampling()))
            .setOverallSampling(percent(100))
            .setProvider(provider(in));
    in.tags().forEach((name, tag) -> tracing.addCustomTags(tag(name, tag)));
    if (in.maxPathLength() > 0) {
      tracing.setMaxPathTagLength(UInt32Value.of(in.maxPathLength()));
    }
    return tracing.build();
  }

  /** Identifiers of requests that say nothing of traces. */
  static RequestIDExtension plainRequestIds() {
    return RequestIDExtension.newBuilder()
        .setTypedConfig(
            DeterministicBytes.pack(
                UuidRequestIdConfig.newBuilder()
                    .setUseRequestIdForTraceSampling(BoolValue.of(false))
                    .build()))
        .build();
  }

  private static Percent percent(double value) {
    return Percent.newBuilder().setValue(value).build();
  }

  private static Http provider(TraceInputs in) {
    String cluster = new ClusterName.Outbound(in.port(), "", in.host()).format();
    return switch (in.protocol()) {
      case TraceProvider.Zipkin zipkin ->
          provider(
              "envoy.tracers.zipkin",
              ZipkinConfig.newBuilder()
                  .setCollectorCluster(cluster)
                  .setCollectorEndpoint(zipkin.path())
                  .setCollectorEndpointVersion(CollectorEndpointVersion.HTTP_JSON)
                  .setCollectorHostname(in.host())
                  .setTraceId128Bit(!zipkin.shortIds())
                  .setSharedSpanContext(BoolValue.of(false))
                  .build());
      case TraceProvider.OtlpGrpc grpc ->
          provider(
              "envoy.tracers.opentelemetry",
              OpenTelemetryConfig.newBuilder()
                  .setServiceName(in.producer())
                  .setGrpcService(
                      GrpcService.newBuilder()
                          .setEnvoyGrpc(
                              GrpcService.EnvoyGrpc.newBuilder()
                                  .setClusterName(cluster)
                                  .setAuthority(in.host())))
                  .build());
      case TraceProvider.OtlpHttp http ->
          provider(
              "envoy.tracers.opentelemetry",
              OpenTelemetryConfig.newBuilder()
                  .setServiceName(in.producer())
                  .setHttpService(service(in, cluster, http))
                  .build());
    };
  }

  private static Http provider(String name, Message config) {
    return Http.newBuilder().setName(name).setTypedConfig(DeterministicBytes.pack(config)).build();
  }

  private static HttpService service(TraceInputs in, String cluster, TraceProvider.OtlpHttp http) {
    HttpService.Builder service =
        HttpService.newBuilder()
            .setHttpUri(
                HttpUri.newBuilder()
                    .setUri(in.host() + http.path())
                    .setCluster(cluster)
                    .setTimeout(Durations.of(http.timeout())));
    http.headers().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            header ->
                service.addRequestHeadersToAdd(
                    HeaderValueOption.newBuilder()
                        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                        .setHeader(
                            HeaderValue.newBuilder()
                                .setKey(header.getKey())
                                .setValue(header.getValue()))));
    return service.build();
  }

  private static CustomTag tag(String name, TraceTag tag) {
    CustomTag.Builder made = CustomTag.newBuilder().setTag(name);
    switch (tag) {
      case TraceTag.Literal literal ->
          made.setLiteral(CustomTag.Literal.newBuilder().setValue(literal.value()));
      case TraceTag.Header header ->
          made.setRequestHeader(
              CustomTag.Header.newBuilder()
                  .setName(header.name())
                  .setDefaultValue(header.otherwise()));
      case TraceTag.Environment environment ->
          made.setEnvironment(
              CustomTag.Environment.newBuilder()
                  .setName(environment.name())
                  .setDefaultValue(environment.otherwise()));
    }
    return made.build();
  }
}
