package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.AccessFilter;
import dev.weft.access.AccessRules;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters that decide who may come in are understood in full, or not taken. */
class AccessCompilerTest {
  private static final String TYPE = "{\"@type\": \"type.googleapis.com/envoy.extensions.filters.";

  private static String listener(String filters) {
    return "{\"name\": \"l\", \"address\": {\"socketAddress\": {\"address\": \"10.0.0.1\","
        + " \"portValue\": 80}}, \"filterChains\": [{\"filters\": ["
        + filters
        + "]}]}";
  }

  private static String filter(String type, String fields) {
    return "{\"name\": \"f\", \"typedConfig\": " + TYPE + type + "\"" + fields + "}}";
  }

  private static String bytes(String rbac) {
    return listener(
        filter("network.rbac.v3.RBAC", ", \"statPrefix\": \"tcp.\"" + rbac)
            + ", "
            + filter(
                "network.tcp_proxy.v3.TcpProxy", ", \"statPrefix\": \"t\", \"cluster\": \"c\""));
  }

  private static String http(String type, String fields) {
    return listener(
        filter(
            "network.http_connection_manager.v3.HttpConnectionManager",
            ", \"statPrefix\": \"h\", \"rds\": {\"routeConfigName\": \"r\"}, \"httpFilters\": ["
                + filter(type, fields)
                + ", "
                + filter("http.router.v3.Router", "")
                + "]"));
  }

  private static String policy(String permission, String principal) {
    return ", \"rules\": {\"policies\": {\"p\": {\"permissions\": ["
        + permission
        + "], \"principals\": ["
        + principal
        + "]}}}";
  }

  private static final String GRPC = ", \"grpcService\": {\"envoyGrpc\": {\"clusterName\": \"c\"}}";

  private static String asks(String fields) {
    return http("http.ext_authz.v3.ExtAuthz", ", \"transportApiVersion\": \"V3\"" + fields);
  }

  private static final String ANY = "{\"any\": true}";

  private static Compiled compile(String listener) {
    return RuntimeConfigCompiler.compile(RuntimeConfig.EMPTY, List.of(Xds.listener(listener)));
  }

  @Test
  void rules_without_policies_allow_nothing_and_no_rules_enforce_nothing() {
    AccessFilter closed = only(compile(bytes(", \"rules\": {}")));
    assertThat(closed.rules()).isEqualTo(new AccessRules(AccessRules.Action.ALLOW, List.of()));
    AccessFilter tried = only(compile(bytes(", \"shadowRules\": {\"action\": \"DENY\"}")));
    assertThat(tried.rules()).isNull();
    assertThat(tried.shadow()).isNotNull();
  }

  private static AccessFilter only(Compiled compiled) {
    assertThat(compiled.rejections()).isEmpty();
    Listener listener = Objects.requireNonNull(compiled.config().listeners().get("l"));
    return ((TcpPipeline) listener.chains().chains().getFirst().pipeline()).access().getFirst();
  }

  record Bad(String listener, String field, String reason) {}

  static Stream<Bad> bad() {
    String templated =
        "{\"uriTemplate\": {\"name\": \"t\", \"typedConfig\": {\"@type\":"
            + " \"type.googleapis.com/envoy.extensions.path.match.uri_template.v3."
            + "UriTemplateMatchConfig\", \"pathTemplate\": \"/a/{b}\"}}}";
    String provider =
        ", \"providers\": {\"p\": {\"issuer\": \"i\", %s}}, \"rules\": [{\"match\":"
            + " {\"prefix\": \"%s\"}, \"requires\": {\"providerName\": \"p\"}}]";
    String keys = "\"localJwks\": {\"inlineString\": \"{\\\"keys\\\":[]}\"}";
    return Stream.of(
        new Bad(
            bytes(policy(ANY, "{\"filterState\": {\"key\": \"io.istio.peer_principal\"}}")),
            "principals[0].identifier",
            "none that is supported"),
        new Bad(
            bytes(
                policy(
                    "{\"metadata\": {\"filter\": \"x\", \"path\": [{\"key\": \"a\"}],"
                        + " \"value\": {\"presentMatch\": true}}}",
                    ANY)),
            "permissions[0].metadata.filter",
            "only metadata of"),
        new Bad(http("http.rbac.v3.RBAC", policy(templated, ANY)), "path_template", "'{b}'"),
        new Bad(bytes(policy("", ANY)), "permissions", "at least one"),
        new Bad(http("http.rbac.v3.RBAC", ", \"matcher\": {}"), "matcher", "not supported"),
        new Bad(
            listener(
                filter("network.rbac.v3.RBAC", ", \"statPrefix\": \"tcp.\"")
                    + ", "
                    + filter(
                        "network.http_connection_manager.v3.HttpConnectionManager",
                        ", \"rds\": {\"routeConfigName\": \"r\"}")),
            "typed_config",
            "rules before HTTP"),
        new Bad(
            http("http.jwt_authn.v3.JwtAuthentication", provider.formatted(keys, "/a")),
            "match.prefix",
            "only a rule for all requests"),
        new Bad(
            http(
                "http.jwt_authn.v3.JwtAuthentication",
                provider.formatted("\"remoteJwks\": {}", "/")),
            "local_jwks",
            "is missing"),
        new Bad(
            http(
                "http.jwt_authn.v3.JwtAuthentication",
                provider.formatted("\"requireExpiration\": true, " + keys, "/")),
            "providers[p]",
            "not supported"),
        new Bad(asks(""), "services", "is needed"),
        new Bad(
            asks(", \"grpcService\": {\"googleGrpc\": {\"targetUri\": \"t\"}}"),
            "target_specifier",
            "only envoy_grpc"),
        new Bad(
            asks(GRPC + ", \"withRequestBody\": {\"maxRequestBytes\": 0}"),
            "with_request_body.max_request_bytes",
            "is not in 1-16777216"),
        new Bad(
            asks(
                GRPC
                    + ", \"filterEnabledMetadata\": {\"filter\": \"x\", \"path\": [{\"key\": \"k\"}],"
                    + " \"value\": {\"stringMatch\": {\"exact\": \"v\"}}}"),
            "filter_enabled_metadata.filter",
            "only what"),
        new Bad(http("http.ext_authz.v3.ExtAuthz", GRPC), "transport_api_version", "only V3"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void what_is_not_understood_is_refused_with_its_field(Bad bad) {
    Compiled compiled = compile(bad.listener());
    assertThat(compiled.config().listeners()).isEmpty();
    assertThat(compiled.rejections())
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.field()).contains(bad.field());
              assertThat(r.reason()).contains(bad.reason());
            });
  }
}
