package dev.weft.runtime;

import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.TypedConfig;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code HttpConnectionManager}. */
final class HttpPipelineCompiler {
  private static final int MAX_HEADERS = 1000;
  private static final String UUIDS = "envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig";

  private HttpPipelineCompiler() {}

  /**
   * @param place a name of the connection manager
   */
  static HttpPipeline compile(ProtoFields in, String place) {
    in.ignore(IgnoredInListeners.CONNECTION_MANAGER);
    refuseUnsupported(in);
    http1(in.message(8, "http_protocol_options"));
    ProtoFields common = in.message(35, "common_http_protocol_options");
    if (common != null) {
      common.ignore(IgnoredInListeners.COMMON_HTTP);
    }
    return new HttpPipeline(
        in.text(2),
        codec(in, in.integer(1)),
        routes(in),
        HttpFilterCompiler.all(in, place),
        AccessLogCompiler.all(in, 13, "access_log"),
        forwardClientCert(in),
        new HttpPipeline.Forwarded(in.wrappedBool(14, false), in.integer(19), in.bool(21)),
        new HttpPipeline.RequestId(in.wrappedBool(15, true), in.bool(32), in.bool(37)),
        in.text(10).isEmpty() ? "envoy" : in.text(10),
        serverHeader(in, in.integer(34)),
        in.messages(23, "upgrade_configs").stream()
            .filter(u -> upgradeEnabled(u))
            .map(u -> u.text(1).toLowerCase(Locale.ROOT))
            .toList(),
        timeouts(in, common),
        http2(in.message(9, "http2_protocol_options")),
        new HttpPipeline.PathNormalization(
            in.wrappedBool(30, false), in.bool(33), escapedSlashes(in, in.integer(45))),
        heads(common),
        TracingCompiler.compile(in.message(7, "tracing"), requestIds(in)),
        (int) in.wrapped(29, 60) * 1024);
  }

  private static void refuseUnsupported(ProtoFields in) {
    if (in.wrappedBool(6, false)) {
      throw in.reject("add_user_agent", "is not supported");
    }
    refuse(in, 20, "represent_ipv4_remote_address_as_ipv4_mapped_ipv6");
    refuse(in, 39, "strip_matching_host_port");
    refuse(in, 42, "strip_any_host_port");
    refuse(in, 47, "strip_trailing_host_dot");
    refuse(in, 51, "append_x_forwarded_port");
    refuse(in, 57, "append_local_overload");
    if (!in.text(22).isEmpty()) {
      throw in.reject("via", "is not supported");
    }
  }

  /** {@code UuidRequestIdConfig}, or null. */
  private static @Nullable ProtoFields requestIds(ProtoFields in) {
    ProtoFields extension = in.message(36, "request_id_extension");
    TypedConfig kind = extension == null ? null : extension.any(1, "typed_config");
    if (kind != null && !kind.is(UUIDS)) {
      throw in.reject("request_id_extension", kind.type() + " is not supported");
    }
    return kind == null ? null : kind.fields();
  }

  private static void refuse(ProtoFields in, int field, String name) {
    if (in.bool(field)) {
      throw in.reject(name, "is not supported");
    }
  }

  private static boolean upgradeEnabled(ProtoFields upgrade) {
    if (!upgrade.messages(2, "filters").isEmpty()) {
      throw upgrade.reject("filters", "filters of an upgrade's own are not supported");
    }
    return upgrade.wrappedBool(3, true);
  }

  private static HttpPipeline.Codec codec(ProtoFields in, int value) {
    return switch (value) {
      case 0 -> HttpPipeline.Codec.AUTO;
      case 1 -> HttpPipeline.Codec.HTTP1;
      case 2 -> HttpPipeline.Codec.HTTP2;
      default -> throw in.reject("codec_type", "HTTP/3 is not supported");
    };
  }

  private static RouteSource routes(ProtoFields in) {
    ProtoFields rds = in.message(3, "rds");
    if (rds != null) {
      ProtoFields source = rds.message(1, "config_source");
      if (source != null) {
        source.ignore(IgnoredInListeners.CONFIG_SOURCE);
      }
      return new RouteSource.ByName(rds.text(2));
    }
    ProtoFields inline = in.message(4, "route_config");
    if (inline == null) {
      throw in.reject("route_specifier", "rds or route_config is needed");
    }
    return new RouteSource.Inline(RouteCompiler.table(inline));
  }

  private static HttpPipeline.ServerHeader serverHeader(ProtoFields in, int value) {
    return switch (value) {
      case 0 -> HttpPipeline.ServerHeader.OVERWRITE;
      case 1 -> HttpPipeline.ServerHeader.APPEND_IF_ABSENT;
      case 2 -> HttpPipeline.ServerHeader.PASS_THROUGH;
      default -> throw in.reject("server_header_transformation", "unknown value " + value);
    };
  }

  private static HttpPipeline.ForwardClientCert forwardClientCert(ProtoFields in) {
    ProtoFields details = in.message(17, "set_current_client_cert_details");
    HttpPipeline.ForwardClientCert.Mode mode =
        switch (in.integer(16)) {
          case 0 -> HttpPipeline.ForwardClientCert.Mode.SANITIZE;
          case 1 -> HttpPipeline.ForwardClientCert.Mode.FORWARD_ONLY;
          case 2 -> HttpPipeline.ForwardClientCert.Mode.APPEND_FORWARD;
          case 3 -> HttpPipeline.ForwardClientCert.Mode.SANITIZE_SET;
          case 4 -> HttpPipeline.ForwardClientCert.Mode.ALWAYS_FORWARD_ONLY;
          default -> throw in.reject("forward_client_cert_details", "unknown value");
        };
    if (details == null) {
      return new HttpPipeline.ForwardClientCert(mode, false, false, false, false);
    }
    if (details.bool(6)) {
      throw details.reject("chain", "is not supported; cert is");
    }
    return new HttpPipeline.ForwardClientCert(
        mode, details.wrappedBool(1, false), details.bool(3), details.bool(4), details.bool(5));
  }

  private static HttpPipeline.Timeouts timeouts(ProtoFields in, @Nullable ProtoFields common) {
    if (common != null && !common.duration(3, Duration.ZERO).isZero()) {
      throw common.reject("max_connection_duration", "is not supported for clients");
    }
    return new HttpPipeline.Timeouts(
        in.duration(24, Duration.ofMinutes(5)),
        in.duration(28, Duration.ZERO),
        in.duration(41, Duration.ZERO),
        common == null ? Duration.ofHours(1) : common.duration(1, Duration.ofHours(1)),
        common == null ? Duration.ZERO : common.duration(4, Duration.ZERO));
  }

  private static HttpPipeline.HeadRules heads(@Nullable ProtoFields common) {
    if (common == null) {
      return HttpPipeline.HeadRules.DEFAULT;
    }
    HttpPipeline.Underscores underscores =
        switch (common.integer(5)) {
          case 0 -> HttpPipeline.Underscores.ALLOW;
          case 1 -> HttpPipeline.Underscores.REJECT_REQUEST;
          case 2 -> HttpPipeline.Underscores.DROP_HEADER;
          default -> throw common.reject("headers_with_underscores_action", "unknown value");
        };
    long max = common.wrapped(2, HttpPipeline.HeadRules.DEFAULT.maxHeaders());
    if (max < 1 || max > MAX_HEADERS) {
      throw common.reject("max_headers_count", max + " is not in 1-" + MAX_HEADERS);
    }
    return new HttpPipeline.HeadRules((int) max, underscores);
  }

  private static void http1(@Nullable ProtoFields in) {
    if (in == null) {
      return;
    }
    in.ignore(IgnoredInListeners.HTTP1);
    headerCase(in);
    if (!in.text(3).isEmpty()) {
      throw in.reject("default_host_for_http_10", "a request has to name its host");
    }
  }

  static HttpPipeline.Http2 http2(@Nullable ProtoFields in) {
    if (in == null) {
      return HttpPipeline.Http2.DEFAULT;
    }
    in.ignore(IgnoredInListeners.HTTP2);
    refuse(in, 6, "allow_metadata");
    return new HttpPipeline.Http2(
        (int) in.wrapped(2, 0), (int) in.wrapped(3, 0), (int) in.wrapped(4, 0));
  }

  /** The case of headers' names, of {@code Http1ProtocolOptions}. */
  static void headerCase(ProtoFields http1) {
    ProtoFields format = http1.message(4, "header_key_format");
    if (format == null) {
      return;
    }
    if (format.has(1)) {
      throw format.reject("proper_case_words", "is not supported; names are kept as they come");
    }
    ProtoFields formatter = format.message(8, "stateful_formatter");
    TypedConfig kind = formatter == null ? null : formatter.any(2, "typed_config");
    if (formatter != null && kind != null) {
      formatter.ignore(IgnoredInListeners.EXTENSION);
      if (!kind.is(IgnoredInListeners.HEADER_CASE.message())) {
        throw formatter.reject("typed_config", kind.type() + " is not supported");
      }
      kind.fields().ignore(IgnoredInListeners.HEADER_CASE);
    }
  }

  private static HttpPipeline.PathNormalization.EscapedSlashes escapedSlashes(
      ProtoFields in, int value) {
    return switch (value) {
      case 0, 1 -> HttpPipeline.PathNormalization.EscapedSlashes.KEEP;
      case 2 -> HttpPipeline.PathNormalization.EscapedSlashes.REJECT;
      case 3 -> HttpPipeline.PathNormalization.EscapedSlashes.UNESCAPE_AND_REDIRECT;
      case 4 -> HttpPipeline.PathNormalization.EscapedSlashes.UNESCAPE_AND_FORWARD;
      default -> throw in.reject("path_with_escaped_slashes_action", "unknown value " + value);
    };
  }
}
