package dev.weft.runtime;

import dev.weft.routing.StringMatch;
import dev.weft.xds.client.ProtoFields;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ExtAuthz}: external authorization of requests. */
final class AuthorizerCompiler {
  private static final String RULES = "envoy.filters.http.rbac";

  /** Envoy's default for gRPC; HTTP has to say it. */
  private static final Duration TIMEOUT = Duration.ofMillis(200);

  private static final int FORBIDDEN = 403;
  private static final int V3 = 2;

  /** What a request may make the proxy hold before anybody has let it in, in bytes. */
  private static final int MOST_BODY = 16 << 20;

  private AuthorizerCompiler() {}

  static Authorizer authorizer(ProtoFields in) {
    in.ignore(IgnoredInAccess.EXT_AUTHZ);
    if (in.integer(12) != V3) {
      throw in.reject("transport_api_version", "only V3 is supported");
    }
    List<StringMatch> told = some(in, 17, "allowed_headers");
    ProtoFields http = in.message(3, "http_service");
    if (http != null) {
      return authorizer(
          in,
          httpCluster(http),
          http(http),
          http.required(1, "server_uri").duration(3, TIMEOUT),
          told == null ? toldOfHttp(http) : told);
    }
    ProtoFields grpc = in.message(1, "grpc_service");
    if (grpc != null) {
      return authorizer(in, cluster(grpc), grpc(grpc), grpc.duration(3, TIMEOUT), told);
    }
    throw in.reject("services", "grpc_service or http_service is needed");
  }

  private static Authorizer authorizer(
      ProtoFields in,
      String cluster,
      Authorizer.Service service,
      Duration timeout,
      @Nullable List<StringMatch> told) {
    ProtoFields error = in.message(7, "status_on_error");
    return new Authorizer(
        cluster,
        service,
        timeout,
        in.bool(2),
        in.bool(19),
        error == null ? FORBIDDEN : status(error),
        when(in.message(14, "filter_enabled_metadata")),
        told,
        body(in.message(5, "with_request_body")),
        in.bool(6));
  }

  private static Authorizer.@Nullable Body body(@Nullable ProtoFields in) {
    if (in == null) {
      return null;
    }
    long most = in.number(1);
    if (most < 1 || most > MOST_BODY) {
      throw in.reject("max_request_bytes", most + " is not in 1-" + MOST_BODY);
    }
    return new Authorizer.Body((int) most, in.bool(2), in.bool(3));
  }

  private static int status(ProtoFields in) {
    int status = in.integer(1);
    if (status < 200 || status > 599) {
      throw in.reject("code", status + " is no status of an answer");
    }
    return status;
  }

  private static String httpCluster(ProtoFields http) {
    ProtoFields uri = http.required(1, "server_uri");
    uri.ignore(IgnoredInAccess.SERVER_URI);
    return named(uri, uri.text(2), "cluster");
  }

  private static String cluster(ProtoFields grpc) {
    ProtoFields envoy = grpc.message(1, "envoy_grpc");
    if (envoy == null) {
      throw grpc.reject("target_specifier", "only envoy_grpc is supported");
    }
    return named(envoy, envoy.text(1), "cluster_name");
  }

  private static String named(ProtoFields in, String name, String field) {
    if (name.isEmpty()) {
      throw in.reject(field, "is missing");
    }
    return name;
  }

  private static Authorizer.Grpc grpc(ProtoFields grpc) {
    ProtoFields envoy = grpc.required(1, "envoy_grpc");
    String authority = envoy.text(2);
    return new Authorizer.Grpc(
        authority.isEmpty() ? envoy.text(1) : authority, headers(grpc, 5, "initial_metadata"));
  }

  private static Authorizer.Http http(ProtoFields http) {
    ProtoFields request = http.message(7, "authorization_request");
    ProtoFields response = http.message(8, "authorization_response");
    String prefix = http.text(2);
    if (!prefix.isEmpty() && !prefix.startsWith("/")) {
      throw http.reject("path_prefix", "has to begin with /");
    }
    return new Authorizer.Http(
        prefix,
        request == null ? Map.of() : headers(request, 2, "headers_to_add"),
        listed(response, 1, "allowed_upstream_headers"),
        listed(response, 3, "allowed_upstream_headers_to_append"),
        response == null ? null : some(response, 2, "allowed_client_headers"),
        listed(response, 4, "allowed_client_headers_on_success"));
  }

  /** Older control planes say it in the service. */
  private static @Nullable List<StringMatch> toldOfHttp(ProtoFields http) {
    ProtoFields request = http.message(7, "authorization_request");
    return request == null ? null : some(request, 1, "allowed_headers");
  }

  private static Map<String, String> headers(ProtoFields in, int field, String name) {
    Map<String, String> out = new LinkedHashMap<>();
    for (ProtoFields header : in.messages(field, name)) {
      String value =
          header.has(3) ? new String(header.bytes(3), StandardCharsets.UTF_8) : header.text(2);
      if (value.indexOf('%') >= 0) {
        throw header.reject("value", "operators are not supported here");
      }
      if (value.chars().anyMatch(c -> c < ' ' && c != '\t')) {
        throw header.reject("value", "is none that a header may have");
      }
      out.put(header.text(1).toLowerCase(Locale.ROOT), value);
    }
    return out;
  }

  private static List<StringMatch> listed(@Nullable ProtoFields in, int field, String name) {
    List<StringMatch> some = in == null ? null : some(in, field, name);
    return some == null ? List.of() : some;
  }

  private static @Nullable List<StringMatch> some(ProtoFields in, int field, String name) {
    ProtoFields list = in.message(field, name);
    return list == null ? null : list.each(1, "patterns", Matchers::string);
  }

  /** Of what rules noted; nothing else is noted here. */
  private static Authorizer.@Nullable When when(@Nullable ProtoFields in) {
    if (in == null) {
      return null;
    }
    if (!in.text(1).equals(RULES)) {
      throw in.reject("filter", "only what " + RULES + " notes is known");
    }
    List<String> path = in.each(2, "path", segment -> segment.text(1));
    ProtoFields value = in.required(3, "value");
    if (path.size() != 1 || !value.has(3)) {
      throw in.reject("path", "one key with a text is known");
    }
    return new Authorizer.When(
        path.getFirst(), Matchers.string(value.required(3, "string_match")), in.bool(4));
  }
}
