package dev.weft.runtime;

import dev.weft.xds.client.FieldException;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.ProtoStruct;
import dev.weft.xds.client.TypedConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The HTTP filters of a connection manager. */
final class HttpFilterCompiler {
  private static final String HTTP = "envoy.extensions.filters.http.";

  private HttpFilterCompiler() {}

  /**
   * @param place a name of the connection manager
   */
  static List<HttpFilter> all(ProtoFields manager, String place) {
    List<HttpFilter> out = new ArrayList<>();
    for (ProtoFields filter : manager.messages(5, "http_filters")) {
      filter.ignore(IgnoredInListeners.HTTP_FILTER);
      boolean optional = filter.bool(6);
      boolean disabled = filter.bool(7);
      TypedConfig config = filter.any(4, "typed_config");
      if (config == null) {
        throw filter.reject("typed_config", "is missing");
      }
      if (disabled) {
        config.fields().ignore(IgnoredInListeners.DISABLED_FILTER);
        continue;
      }
      HttpFilter compiled = compile(config, place + "/" + out.size());
      if (compiled != null) {
        out.add(compiled);
      } else if (optional) {
        config.fields().ignore(IgnoredInListeners.OPTIONAL_FILTER);
      } else {
        throw filter.reject("typed_config", "HTTP filter " + config.type() + " is not supported");
      }
    }
    if (out.isEmpty() || !(out.getLast() instanceof HttpFilter.Router)) {
      throw manager.reject("http_filters", "the last filter is not the router");
    }
    return out;
  }

  private static @Nullable HttpFilter compile(TypedConfig config, String place) {
    ProtoFields in = config.fields();
    return switch (config.type()) {
      case HTTP + "router.v3.Router" -> {
        in.ignore(IgnoredInListeners.ROUTER);
        if (in.bool(6)) {
          throw in.reject("respect_expected_rq_timeout", "is not supported");
        }
        yield new HttpFilter.Router(in.bool(4));
      }
      case HTTP + "cors.v3.Cors" -> new HttpFilter.Cors();
      case HTTP + "rbac.v3.RBAC" -> new HttpFilter.Access(AccessCompiler.http(in));
      case HTTP + "ext_authz.v3.ExtAuthz" ->
          new HttpFilter.ExternalAccess(AuthorizerCompiler.authorizer(in));
      case HTTP + "jwt_authn.v3.JwtAuthentication" -> new HttpFilter.Tokens(JwtCompiler.rules(in));
      case HTTP + "fault.v3.HTTPFault" -> new HttpFilter.Fault();
      case HTTP + "local_ratelimit.v3.LocalRateLimit" ->
          new HttpFilter.LocalRateLimit(RateLimitCompiler.policy(typed(config), place));
      case HTTP + "compressor.v3.Compressor" -> CompressorCompiler.filter(typed(config));
      case HTTP + "header_mutation.v3.HeaderMutation" ->
          HeaderMutationCompiler.filter(typed(config));
      case HTTP + "grpc_stats.v3.FilterConfig" -> {
        in.ignore(IgnoredInListeners.GRPC_STATS);
        yield new HttpFilter.GrpcStats();
      }
      case "io.istio.http.peer_metadata.Config" -> peerMetadata(config);
      case NetworkFilters.STATS -> new HttpFilter.IstioStats(NetworkFilters.rules(config));
      case "istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig" -> alpn(config);
      default -> null;
    };
  }

  /** Only Istio's own filters come as structures. */
  private static ProtoFields typed(TypedConfig config) {
    if (config.struct()) {
      throw new FieldException(
          config.fields().path(), config.type() + " is not supported as a TypedStruct");
    }
    return config.fields();
  }

  private static HttpFilter peerMetadata(TypedConfig config) {
    ProtoFields in = config.fields();
    if (config.struct()) {
      Map<String, @Nullable Object> struct = ProtoStruct.read(in);
      return new HttpFilter.PeerMetadata(
          names(struct, "downstream_discovery"),
          names(struct, "upstream_discovery"),
          names(struct, "upstream_propagation"),
          names(struct, "downstream_propagation"));
    }
    HttpFilter filter = new HttpFilter.PeerMetadata(in.has(1), in.has(2), in.has(4), in.has(3));
    in.ignore(IgnoredInListeners.PEER_METADATA);
    return filter;
  }

  private static boolean names(Map<String, @Nullable Object> struct, String key) {
    return struct.get(key) instanceof List<?> list
        && list.stream()
            .anyMatch(m -> m instanceof Map<?, ?> map && map.containsKey("istio_headers"));
  }

  private static HttpFilter alpn(TypedConfig config) {
    Map<String, List<String>> overrides = new LinkedHashMap<>();
    if (config.struct()) {
      if (ProtoStruct.read(config.fields()).get("alpn_override") instanceof List<?> list) {
        for (Object item : list) {
          if (item instanceof Map<?, ?> entry
              && entry.get("alpn_override") instanceof List<?> alpn) {
            overrides.put(
                protocol(String.valueOf(entry.get("upstream_protocol"))),
                alpn.stream().map(String::valueOf).toList());
          }
        }
      }
      return new HttpFilter.IstioAlpn(overrides);
    }
    for (ProtoFields entry : config.fields().messages(1, "alpn_override")) {
      overrides.put(protocol(Integer.toString(entry.integer(1))), entry.texts(2));
    }
    return new HttpFilter.IstioAlpn(overrides);
  }

  private static String protocol(String written) {
    return switch (written) {
      case "1", "HTTP11" -> "http/1.1";
      case "2", "HTTP2" -> "h2";
      default -> "http/1.0";
    };
  }
}
