package dev.weft.config;

import dev.weft.config.ExternalAuthorizer.Body;
import dev.weft.config.ExternalAuthorizer.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code extensionProviders} of MeshConfig, as far as they decide who may come in. One that cannot
 * be used is none, and denies what it would be asked about. Istio:
 * pilot/pkg/security/authz/builder/extauthz.go.
 */
final class ExternalAuthorizerParser {
  /** Istio's: practically none. */
  private static final Duration PATIENCE = Duration.ofSeconds(600);

  /** What a request may make a proxy hold before anybody has let it in, in bytes. */
  private static final int MOST_BODY = 16 << 20;

  // Of logs, metrics and traces.
  private static final List<String> OTHERS =
      List.of(
          "zipkin",
          "lightstep",
          "datadog",
          "stackdriver",
          "opencensus",
          "skywalking",
          "opentelemetry",
          "prometheus",
          "envoyFileAccessLog",
          "envoyHttpAls",
          "envoyTcpAls",
          "envoyOtelAls",
          "sds");

  private ExternalAuthorizerParser() {}

  /** By their names. */
  static Map<String, ExternalAuthorizer> read(TreeReader mesh) {
    Map<String, ExternalAuthorizer> authorizers = new LinkedHashMap<>();
    for (ExternalAuthorizer each :
        mesh.objects("extensionProviders", ExternalAuthorizerParser::provider)) {
      if (authorizers.putIfAbsent(each.name(), each) != null) {
        mesh.error("extensionProviders", each.name() + " is there twice: the first one counts");
      }
    }
    return authorizers;
  }

  private static @Nullable ExternalAuthorizer provider(TreeReader provider) {
    String name = provider.string("name");
    OTHERS.forEach(provider::ignored);
    ExternalAuthorizer http = provider.object("envoyExtAuthzHttp", r -> service(r, name, http(r)));
    ExternalAuthorizer grpc =
        provider.object("envoyExtAuthzGrpc", r -> service(r, name, new ExternalAuthorizer.Grpc()));
    if (http != null && grpc != null) {
      provider.error("envoyExtAuthzGrpc", "one provider asks by HTTP or by gRPC: make it two");
      return null;
    }
    return http == null ? grpc : http;
  }

  private static Protocol http(TreeReader r) {
    List<String> told = new ArrayList<>(r.strings("includeRequestHeadersInCheck"));
    told.addAll(r.strings("includeHeadersInCheck"));
    return new ExternalAuthorizer.Http(
        r.string("pathPrefix"),
        told,
        r.stringMap("includeAdditionalHeadersInCheck"),
        r.strings("headersToUpstreamOnAllow"),
        r.strings("headersToDownstreamOnDeny"),
        r.strings("headersToDownstreamOnAllow"));
  }

  private static @Nullable ExternalAuthorizer service(
      TreeReader r, String name, Protocol protocol) {
    String service = r.string("service");
    String host = service.substring(service.indexOf('/') + 1);
    int port = r.integer("port", 0, 1, 65535);
    String written = r.string("statusOnError");
    boolean known = written.isEmpty() || written.matches("[2-5][0-9][0-9]");
    Duration timeout = r.duration("timeout", PATIENCE);
    boolean failOpen = r.bool("failOpen", false);
    boolean reroutes = r.bool("clearRouteCache", false);
    List<String> wrong = new ArrayList<>();
    refuse(r, "service", host.isEmpty() || host.contains("*"), "the host of a service", wrong);
    refuse(r, "port", port == 0, "a port of the service", wrong);
    refuse(r, "statusOnError", !known, "the status of an answer, such as \"403\",", wrong);
    refuse(r, "timeout", timeout.isZero(), "a time of more than nothing", wrong);
    Body body = r.object("includeRequestBodyInCheck", b -> body(b, wrong));
    if (body == null && r.has("includeRequestBodyInCheck")) {
      wrong.add("includeRequestBodyInCheck");
    }
    if (protocol instanceof ExternalAuthorizer.Http http) {
      refuse(
          r,
          "pathPrefix",
          !http.pathPrefix().isEmpty() && !http.pathPrefix().startsWith("/"),
          "a path that begins with /",
          wrong);
      refuse(
          r,
          "includeAdditionalHeadersInCheck",
          http.added().values().stream().anyMatch(value -> value.indexOf('%') >= 0),
          "values without %",
          wrong);
    }
    if (name.isEmpty()) {
      r.error("service", "the provider has no name, so that no policy can ask it");
    }
    return wrong.isEmpty() && !name.isEmpty()
        ? new ExternalAuthorizer(
            name,
            host,
            port,
            timeout,
            failOpen,
            written.isEmpty() ? 0 : Integer.parseInt(written),
            reroutes,
            body,
            protocol)
        : null;
  }

  private static Body body(TreeReader r, List<String> wrong) {
    int most = r.integer("maxRequestBytes", 0, 0, MOST_BODY);
    refuse(r, "maxRequestBytes", most == 0, "a number of bytes from 1 to 16777216", wrong);
    return new Body(most, r.bool("allowPartialMessage", false), r.bool("packAsBytes", false));
  }

  private static void refuse(
      TreeReader r, String key, boolean bad, String needed, List<String> wrong) {
    if (bad) {
      r.error(
          key,
          needed
              + " is needed; until then requests that the provider would be asked about are"
              + " denied");
      wrong.add(key);
    }
  }
}
