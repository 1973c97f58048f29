package dev.weft.translate;

import com.google.protobuf.BoolValue;
import com.google.rpc.Code;
import dev.weft.config.StringMatch;
import dev.weft.config.VirtualService.Cors;
import dev.weft.config.VirtualService.Fault;
import dev.weft.config.VirtualService.HttpRoute;
import dev.weft.xds.DeterministicBytes;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import org.jspecify.annotations.Nullable;

/** What a route tells HTTP filters: deliberate failures and cross-origin rules. */
final class RouteFilters {
  private static final int PER_PERCENT = 10_000;

  private RouteFilters() {}

  static void apply(Route.Builder route, HttpRoute source) {
    @Nullable Fault fault = source.fault();
    if (fault != null) {
      route.putTypedPerFilterConfig(
          "envoy.filters.http.fault", DeterministicBytes.pack(fault(fault)));
    }
    @Nullable Cors cors = source.cors();
    if (cors != null) {
      route.putTypedPerFilterConfig("envoy.filters.http.cors", DeterministicBytes.pack(cors(cors)));
    }
  }

  static RuntimeFractionalPercent runtimeFraction(double percent) {
    return RuntimeFractionalPercent.newBuilder().setDefaultValue(fraction(percent)).build();
  }

  private static FractionalPercent fraction(double percent) {
    return FractionalPercent.newBuilder()
        .setNumerator((int) Math.round(percent * PER_PERCENT))
        .setDenominator(FractionalPercent.DenominatorType.MILLION)
        .build();
  }

  private static HTTPFault fault(Fault in) {
    HTTPFault.Builder fault = HTTPFault.newBuilder();
    Fault.@Nullable Delay delay = in.delay();
    if (delay != null) {
      fault.setDelay(
          FaultDelay.newBuilder()
              .setFixedDelay(Durations.of(delay.fixed()))
              .setPercentage(fraction(delay.percentage())));
    }
    Fault.@Nullable Abort abort = in.abort();
    if (abort != null) {
      FaultAbort.Builder result =
          FaultAbort.newBuilder().setPercentage(fraction(abort.percentage()));
      if (abort.grpcStatus().isEmpty()) {
        result.setHttpStatus(abort.httpStatus());
      } else {
        result.setGrpcStatus(grpcStatus(abort.grpcStatus()));
      }
      fault.setAbort(result);
    }
    return fault.build();
  }

  private static int grpcStatus(String name) {
    for (Code code : Code.values()) {
      if (code.name().equals(name)) {
        return code.getNumber();
      }
    }
    return Code.UNKNOWN_VALUE;
  }

  private static CorsPolicy cors(Cors in) {
    CorsPolicy.Builder cors = CorsPolicy.newBuilder();
    for (StringMatch origin : in.allowOrigins()) {
      cors.addAllowOriginStringMatch(RouteMatches.string(origin));
    }
    cors.setAllowMethods(String.join(",", in.allowMethods()))
        .setAllowHeaders(String.join(",", in.allowHeaders()))
        .setExposeHeaders(String.join(",", in.exposeHeaders()));
    if (in.maxAge() != null) {
      cors.setMaxAge(Long.toString(in.maxAge().toSeconds()));
    }
    if (in.allowCredentials() != null) {
      cors.setAllowCredentials(BoolValue.of(in.allowCredentials()));
    }
    if (in.answersUnmatched()) {
      cors.setForwardNotMatchingPreflights(BoolValue.of(false));
    }
    return cors.build();
  }
}
