package dev.weft.runtime;

import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.TypedConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The HTTP settings of a cluster: {@code HttpProtocolOptions}, or the older fields. */
final class ClusterHttp {
  private static final Set<String> AUTHORITY = Set.of("", ":authority", "host");
  private static final String KEY = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  private ClusterHttp() {}

  record Options(Cluster.HttpOptions options, boolean autoSni, boolean autoSanValidation) {}

  static Options compile(ProtoFields cluster) {
    ProtoFields options = null;
    for (Map.Entry<String, ProtoFields> entry :
        cluster.map(36, "typed_extension_protocol_options").entrySet()) {
      if (!entry.getKey().equals(KEY)) {
        throw cluster.reject(
            "typed_extension_protocol_options[" + entry.getKey() + "]", "is not supported");
      }
      options = content(entry.getValue());
    }
    return options == null ? old(cluster) : explicit(cluster, options);
  }

  /** The message in the {@code Any} that is the map's value. */
  private static ProtoFields content(ProtoFields any) {
    any.text(1);
    ProtoFields value = any.message(2, KEY);
    return value == null ? ProtoFields.of(new byte[0], any.path()) : value;
  }

  private static Options old(ProtoFields cluster) {
    http1(cluster.message(13, "http_protocol_options"));
    ProtoFields http2 = cluster.message(14, "http2_protocol_options");
    Cluster.Protocol protocol =
        cluster.integer(26) == 1
            ? Cluster.Protocol.DOWNSTREAM
            : http2 != null ? Cluster.Protocol.HTTP2 : Cluster.Protocol.HTTP1;
    return new Options(
        options(
            protocol,
            cluster.message(29, "common_http_protocol_options"),
            http2,
            (int) cluster.wrapped(9, 0)),
        false,
        false);
  }

  private static Options explicit(ProtoFields cluster, ProtoFields in) {
    ProtoFields upstream = in.message(2, "upstream_http_protocol_options");
    boolean autoSni = upstream != null && upstream.bool(1);
    boolean autoSan = upstream != null && upstream.bool(2);
    if (upstream != null && !AUTHORITY.contains(upstream.text(3))) {
      throw upstream.reject("override_auto_sni_header", "only the authority is supported");
    }
    for (ProtoFields filter : in.messages(6, "http_filters")) {
      filter.ignore(IgnoredInListeners.HTTP_FILTER);
      TypedConfig config = filter.any(4, "typed_config");
      if (config == null
          || !config.is("envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec")) {
        throw filter.reject("typed_config", "upstream HTTP filters are not supported");
      }
    }
    ProtoFields common = in.message(1, "common_http_protocol_options");
    int max = (int) cluster.wrapped(9, 0);
    ProtoFields explicit = in.message(3, "explicit_http_config");
    ProtoFields downstream = in.message(4, "use_downstream_protocol_config");
    ProtoFields auto = in.message(5, "auto_config");
    Cluster.HttpOptions options;
    if (downstream != null) {
      options = options(Cluster.Protocol.DOWNSTREAM, common, versions(downstream), max);
    } else if (auto != null) {
      auto.ignore(IgnoredInClusters.AUTO_HTTP);
      options = options(Cluster.Protocol.ALPN, common, versions(auto), max);
    } else {
      ProtoFields http2 = explicit == null ? null : versions(explicit);
      options =
          options(
              http2 != null ? Cluster.Protocol.HTTP2 : Cluster.Protocol.HTTP1, common, http2, max);
    }
    return new Options(options, autoSni, autoSan);
  }

  /** The HTTP/2 part; HTTP/1 settings are ours, HTTP/3 is refused by leaving it unread. */
  private static @Nullable ProtoFields versions(ProtoFields in) {
    http1(in.message(1, "http_protocol_options"));
    return in.message(2, "http2_protocol_options");
  }

  /** Names of headers are kept as they come; how bodies are framed and read is ours. */
  private static void http1(@Nullable ProtoFields in) {
    if (in == null) {
      return;
    }
    if (in.bool(8)) {
      throw in.reject("send_fully_qualified_url", "is not supported");
    }
    HttpPipelineCompiler.headerCase(in);
    in.ignore(IgnoredInClusters.HTTP1);
  }

  private static Cluster.HttpOptions options(
      Cluster.Protocol protocol,
      @Nullable ProtoFields common,
      @Nullable ProtoFields http2,
      int maxRequests) {
    Cluster.HttpOptions otherwise = Cluster.HttpOptions.DEFAULT;
    int streams = http2 == null ? 0 : (int) Math.min(http2.wrapped(2, 0), Integer.MAX_VALUE);
    if (http2 != null) {
      http2.ignore(IgnoredInClusters.HTTP2);
      if (http2.bool(6)) {
        throw http2.reject("allow_metadata", "is not supported");
      }
    }
    if (common == null) {
      return new Cluster.HttpOptions(
          protocol,
          maxRequests,
          otherwise.idleTimeout(),
          otherwise.maxConnectionDuration(),
          streams);
    }
    common.ignore(IgnoredInListeners.COMMON_HTTP);
    return new Cluster.HttpOptions(
        protocol,
        (int) common.wrapped(6, maxRequests),
        common.duration(1, otherwise.idleTimeout()),
        common.duration(3, Duration.ZERO),
        streams);
  }
}
