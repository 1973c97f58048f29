package dev.weft.runtime;

import dev.weft.types.HeaderText;
import dev.weft.xds.client.ProtoFields;
import dev.weft.xds.client.TypedConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code HttpConnectionManager.Tracing}. */
final class TracingCompiler {
  private static final String TRACE = "envoy.config.trace.v3.";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int ALL = 10_000;
  private static final int MAX_PATH = 256;
  private static final int LONGEST_PATH = 1 << 20;

  /** Zipkin's second JSON format. */
  private static final int HTTP_JSON = 1;

  private TracingCompiler() {}

  /**
   * Null where nothing is traced.
   *
   * @param requestIds {@code UuidRequestIdConfig}; null where none was sent
   */
  static @Nullable Tracing compile(@Nullable ProtoFields in, @Nullable ProtoFields requestIds) {
    boolean packed = requestIds == null || requestIds.wrappedBool(1, true);
    boolean byRequestId = requestIds == null || requestIds.wrappedBool(2, true);
    if (in == null) {
      return null;
    }
    ProtoFields provider = in.message(9, "provider");
    if (provider == null) {
      in.ignore(IgnoredInListeners.TRACING_NOWHERE);
      return null;
    }
    in.ignore(IgnoredInListeners.TRACING);
    if (in.bool(6)) {
      throw in.reject("verbose", "events within a request are not noted");
    }
    long longest = in.wrapped(7, MAX_PATH);
    return new Tracing(
        new Tracing.Sampling(
            percent(in, 3, "client_sampling"),
            percent(in, 4, "random_sampling"),
            percent(in, 5, "overall_sampling")),
        byRequestId,
        packed,
        (int) Math.min(longest, LONGEST_PATH),
        tags(in),
        collector(provider));
  }

  private static int percent(ProtoFields in, int field, String name) {
    ProtoFields percent = in.message(field, name);
    if (percent == null) {
      return ALL;
    }
    double value = percent.real(1);
    if (!(value >= 0 && value <= 100)) {
      throw percent.reject("value", value + " is not in 0-100");
    }
    return (int) Math.round(value * 100);
  }

  private static List<Tracing.Tag> tags(ProtoFields in) {
    List<Tracing.Tag> tags = new ArrayList<>();
    for (ProtoFields tag : in.messages(8, "custom_tags")) {
      Tracing.Value value = value(tag);
      if (tag.text(1).isEmpty()) {
        throw tag.reject("tag", "is missing");
      }
      if (value != null) {
        tags.add(new Tracing.Tag(tag.text(1), value));
      }
    }
    return tags;
  }

  private static Tracing.@Nullable Value value(ProtoFields tag) {
    ProtoFields literal = tag.message(2, "literal");
    ProtoFields environment = tag.message(3, "environment");
    ProtoFields header = tag.message(4, "request_header");
    ProtoFields metadata = tag.message(5, "metadata");
    if (literal != null) {
      return new Tracing.Literal(literal.text(1));
    }
    if (environment != null) {
      return new Tracing.Environment(environment.text(1), environment.text(2));
    }
    if (header != null) {
      return new Tracing.Header(header.text(1).toLowerCase(Locale.ROOT), header.text(2));
    }
    if (metadata == null) {
      throw tag.reject("type", "literal, environment, request_header or metadata is needed");
    }
    // There is no metadata of requests, so that a span gets what stands for none.
    metadata.ignore(IgnoredInListeners.TAG_METADATA);
    String otherwise = metadata.text(3);
    return otherwise.isEmpty() ? null : new Tracing.Literal(otherwise);
  }

  private static Tracing.Collector collector(ProtoFields provider) {
    provider.ignore(IgnoredInListeners.TRACE_PROVIDER);
    TypedConfig config = provider.any(3, "typed_config");
    if (config == null) {
      throw provider.reject("typed_config", "is missing");
    }
    return switch (config.type()) {
      case TRACE + "ZipkinConfig" -> zipkin(config.fields());
      case TRACE + "OpenTelemetryConfig" -> otlp(config.fields());
      default -> throw provider.reject("typed_config", config.type() + " is not supported");
    };
  }

  private static Tracing.Zipkin zipkin(ProtoFields in) {
    if (in.integer(5) != HTTP_JSON) {
      throw in.reject("collector_endpoint_version", "HTTP_JSON is supported");
    }
    if (in.wrappedBool(4, true)) {
      throw in.reject("shared_span_context", "client and server have spans of their own: false");
    }
    if (in.bool(7)) {
      throw in.reject("split_spans_for_request", "a request has one span");
    }
    String cluster = named(in, in.text(1), "collector_cluster");
    String authority = in.text(6);
    return new Tracing.Zipkin(
        cluster,
        authority(in, authority.isEmpty() ? cluster : authority, "collector_hostname"),
        path(in, in.text(2), "collector_endpoint"),
        in.bool(3));
  }

  private static Tracing.Otlp otlp(ProtoFields in) {
    if (!in.messages(4, "resource_detectors").isEmpty()) {
      throw in.reject("resource_detectors", "is not supported; service_name is");
    }
    if (in.message(5, "sampler") != null) {
      throw in.reject("sampler", "is not supported; random_sampling is");
    }
    String producer = in.text(2);
    ProtoFields http = in.message(3, "http_service");
    ProtoFields grpc = in.message(1, "grpc_service");
    if (grpc != null) {
      ProtoFields envoy = grpc.required(1, "envoy_grpc");
      String cluster = named(envoy, envoy.text(1), "cluster_name");
      String authority = envoy.text(2);
      Map<String, String> metadata = new LinkedHashMap<>();
      grpc.messages(5, "initial_metadata").forEach(header -> header(header, metadata));
      return new Tracing.Otlp(
          cluster,
          authority(envoy, authority.isEmpty() ? cluster : authority, "authority"),
          producer,
          "",
          timeout(grpc.duration(3, TIMEOUT)),
          metadata);
    }
    if (http == null) {
      throw in.reject("otlp_exporter", "grpc_service or http_service is needed");
    }
    ProtoFields uri = http.required(1, "http_uri");
    String target = uri.text(1);
    String rest = target.substring(target.indexOf("://") < 0 ? 0 : target.indexOf("://") + 3);
    int slash = rest.indexOf('/');
    Map<String, String> headers = new LinkedHashMap<>();
    for (ProtoFields option : http.messages(2, "request_headers_to_add")) {
      option.ignore(IgnoredInListeners.HEADER_OPTION);
      header(option.required(1, "header"), headers);
    }
    return new Tracing.Otlp(
        named(uri, uri.text(2), "cluster"),
        authority(uri, slash < 0 ? rest : rest.substring(0, slash), "uri"),
        producer,
        path(uri, slash < 0 ? "/" : rest.substring(slash), "uri"),
        timeout(uri.duration(3, TIMEOUT)),
        headers);
  }

  private static Duration timeout(Duration given) {
    return given.isZero() ? TIMEOUT : given;
  }

  private static String named(ProtoFields in, String name, String field) {
    if (name.isEmpty()) {
      throw in.reject(field, "is missing");
    }
    return name;
  }

  /** What a line of a request cannot have is refused; an authority has no bars, either. */
  private static String authority(ProtoFields in, String authority, String field) {
    return clean(in, named(in, authority, field).replace("|", "_."), field);
  }

  private static String path(ProtoFields in, String path, String field) {
    if (!path.startsWith("/")) {
      throw in.reject(field, "has to have a path that begins with /");
    }
    return clean(in, path, field);
  }

  private static String clean(ProtoFields in, String text, String field) {
    if (!text.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw in.reject(field, "has a character that a request cannot have");
    }
    return text;
  }

  private static void header(ProtoFields header, Map<String, String> to) {
    String name = header.text(1).toLowerCase(Locale.ROOT);
    String value =
        header.has(3) ? new String(header.bytes(3), StandardCharsets.UTF_8) : header.text(2);
    if (!HeaderText.isName(name)) {
      throw header.reject("key", "cannot be the name of a header");
    }
    if (value.indexOf('%') >= 0 || !value.chars().allMatch(c -> c >= ' ' && c < 127)) {
      throw header.reject("value", "operators and bytes beyond ASCII are not supported here");
    }
    to.put(name, value);
  }
}
