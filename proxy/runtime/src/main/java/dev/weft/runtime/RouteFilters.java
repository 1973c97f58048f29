package dev.weft.runtime;

import dev.weft.routing.CorsPolicy;
import dev.weft.routing.FaultPolicy;
import dev.weft.routing.Fraction;
import dev.weft.routing.RateLimitRule;
import dev.weft.routing.RateLimitRules;
import dev.weft.routing.RoutePolicy;
import dev.weft.xds.client.ProtoFields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What filters do differently by route. The most specific place wins.
 *
 * @param policies at most one of each kind
 * @param hostLimits by what the virtual host tells requests apart for limits of rates
 */
record RouteFilters(List<RoutePolicy> policies, List<RateLimitRule> hostLimits) {
  static final RouteFilters NONE = new RouteFilters(List.of(), List.of());
  private static final String HTTP = "envoy.extensions.filters.http.";

  /**
   * These with those of a more specific place.
   *
   * @param place its name
   */
  RouteFilters with(ProtoFields in, int field, String place) {
    RouteFilters result = this;
    Set<Class<?>> here = new HashSet<>();
    for (Map.Entry<String, ProtoFields> entry :
        in.map(field, "typed_per_filter_config").entrySet()) {
      ProtoFields any = entry.getValue();
      String url = any.text(1);
      String type = url.substring(url.lastIndexOf('/') + 1);
      ProtoFields config = any.message(2, type);
      ProtoFields content = config == null ? ProtoFields.of(new byte[0], any.path()) : config;
      RoutePolicy policy =
          switch (type) {
            case HTTP + "fault.v3.HTTPFault" -> fault(content);
            case HTTP + "cors.v3.CorsPolicy" -> cors(content);
            case HTTP + "local_ratelimit.v3.LocalRateLimit" ->
                RateLimitCompiler.ofRoute(content, place + "#" + entry.getKey());
            case HTTP + "compressor.v3.CompressorPerRoute" -> CompressorCompiler.ofRoute(content);
            case HTTP + "header_mutation.v3.HeaderMutationPerRoute" ->
                HeaderMutationCompiler.ofRoute(content);
            default ->
                throw in.reject(
                    "typed_per_filter_config[" + entry.getKey() + "]", type + " is not supported");
          };
      if (!here.add(policy.getClass())) {
        throw in.reject(
            "typed_per_filter_config[" + entry.getKey() + "]",
            "there is another " + type + " beside it, and one filter for both");
      }
      result = result.with(policy);
    }
    return result;
  }

  private RouteFilters with(RoutePolicy policy) {
    List<RoutePolicy> all = new ArrayList<>();
    RoutePolicy own = policy;
    for (RoutePolicy inherited : policies) {
      if (inherited.getClass() == policy.getClass()) {
        own = policy.over(inherited);
      } else {
        all.add(inherited);
      }
    }
    all.add(own);
    return new RouteFilters(all, hostLimits);
  }

  /** By what the virtual host tells requests apart. */
  RouteFilters limitedBy(List<RateLimitRule> rules) {
    return new RouteFilters(policies, rules);
  }

  /** With what the action of a route says for itself. */
  RouteFilters on(@Nullable ProtoFields forward) {
    List<RateLimitRule> own = forward == null ? List.of() : RateLimitCompiler.rules(forward, 13);
    boolean both = forward != null && forward.wrappedBool(14, false);
    return own.isEmpty() && hostLimits.isEmpty()
        ? this
        : with(new RateLimitRules(own, hostLimits, both));
  }

  private static FaultPolicy fault(ProtoFields in) {
    in.ignore(IgnoredInRoutes.FAULT);
    ProtoFields delay = in.message(1, "delay");
    ProtoFields abort = in.message(2, "abort");
    FaultPolicy.Delay delayed = null;
    if (delay != null) {
      Duration fixed = delay.duration(3);
      if (fixed == null) {
        throw delay.reject("fault_delay_secifier", "only fixed_delay is supported");
      }
      delayed = new FaultPolicy.Delay(fixed, share(delay, 4));
    }
    FaultPolicy.Abort aborted = null;
    if (abort != null) {
      Integer grpc = abort.has(5) ? (Integer) abort.integer(5) : null;
      int status = abort.integer(2);
      if (grpc == null && (status < 200 || status > 599)) {
        throw abort.reject("http_status", status + " is not in 200-599");
      }
      aborted = new FaultPolicy.Abort(grpc == null ? status : 200, grpc, share(abort, 3));
    }
    return new FaultPolicy(delayed, aborted);
  }

  /** A missing percentage means never, as in Envoy. */
  private static Fraction share(ProtoFields in, int field) {
    ProtoFields percentage = in.message(field, "percentage");
    return percentage == null ? Fraction.NONE : Matchers.fraction(percentage);
  }

  private static CorsPolicy cors(ProtoFields in) {
    in.ignore(IgnoredInRoutes.CORS);
    if (in.wrappedBool(9, false)) {
      throw in.reject("allow_private_network_access", "is not supported");
    }
    Fraction enabled = Matchers.runtimeFraction(in.message(7, "filter_enabled"));
    Long credentials = in.wrapped(6);
    CorsPolicy policy =
        new CorsPolicy(
            in.each(1, "allow_origin_string_match", Matchers::string),
            in.text(2),
            in.text(3),
            in.text(4),
            in.text(5),
            credentials == null ? null : (Boolean) (credentials != 0),
            in.wrappedBool(10, true));
    if (!enabled.equals(Fraction.ALL)) {
      throw in.reject("filter_enabled", "only 100% is supported");
    }
    return policy;
  }
}
