package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom policies may name as providers. */
class ExternalAuthorizerParserTest {
  private static final String HOST = "authz.tools.svc.cluster.local";

  @SafeVarargs
  private static MeshSettingsParser.Read read(Map<String, Object>... providers) {
    return MeshSettingsParser.read(
        Map.of("extensionProviders", List.of(providers)), Map.of(), MeshSettings.defaults());
  }

  private static Map<String, Object> grpc(Map<String, Object> fields) {
    return Map.of("name", "a", "envoyExtAuthzGrpc", fields);
  }

  @Test
  void an_authorizer_is_read_with_its_service_by_its_host() {
    MeshSettingsParser.Read read =
        read(
            grpc(
                Map.of(
                    "service",
                    "tools/" + HOST,
                    "port",
                    9000,
                    "timeout",
                    "2s",
                    "failOpen",
                    true,
                    "statusOnError",
                    "503",
                    "includeRequestBodyInCheck",
                    Map.of("maxRequestBytes", 1024, "packAsBytes", true))),
            Map.of("name", "traces", "zipkin", Map.of("service", "z", "port", 1)));
    assertThat(read.diagnostics()).isEmpty();
    assertThat(read.settings().authorizers())
        .containsExactly(
            Map.entry(
                "a",
                new ExternalAuthorizer(
                    "a",
                    HOST,
                    9000,
                    Duration.ofSeconds(2),
                    true,
                    503,
                    false,
                    new ExternalAuthorizer.Body(1024, false, true),
                    new ExternalAuthorizer.Grpc())));
  }

  private record Bad(Map<String, Object> provider, String path, String message) {}

  static Stream<Bad> bad() {
    return Stream.of(
        new Bad(grpc(Map.of("port", 1)), "envoyExtAuthzGrpc.service", "host of a service"),
        new Bad(grpc(Map.of("service", "*.x", "port", 1)), "envoyExtAuthzGrpc.service", "host"),
        new Bad(grpc(Map.of("service", HOST)), "envoyExtAuthzGrpc.port", "port of the service"),
        new Bad(
            grpc(Map.of("service", HOST, "port", 1, "statusOnError", "no")),
            "envoyExtAuthzGrpc.statusOnError",
            "status of an answer"),
        new Bad(
            grpc(Map.of("service", HOST, "port", 1, "includeRequestBodyInCheck", Map.of())),
            "envoyExtAuthzGrpc.includeRequestBodyInCheck.maxRequestBytes",
            "number of bytes"),
        new Bad(
            Map.of(
                "name",
                "a",
                "envoyExtAuthzHttp",
                Map.of("service", HOST, "port", 1, "pathPrefix", "check")),
            "envoyExtAuthzHttp.pathPrefix",
            "begins with /"),
        new Bad(
            Map.of("envoyExtAuthzGrpc", Map.of("service", HOST, "port", 1)),
            "envoyExtAuthzGrpc.service",
            "no name"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void what_cannot_be_asked_is_no_provider_and_is_said(Bad bad) {
    MeshSettingsParser.Read read = read(bad.provider());
    assertThat(read.settings().authorizers()).isEmpty();
    assertThat(read.diagnostics())
        .anySatisfy(
            d -> {
              assertThat(d.path()).isEqualTo("mesh.extensionProviders[0]." + bad.path());
              assertThat(d.message()).contains(bad.message());
            });
  }

  @Test
  void of_two_with_one_name_the_first_counts() {
    MeshSettingsParser.Read read =
        read(grpc(Map.of("service", HOST, "port", 1)), grpc(Map.of("service", HOST, "port", 2)));
    assertThat(read.settings().authorizers().values())
        .extracting(ExternalAuthorizer::port)
        .containsExactly(1);
    assertThat(read.diagnostics())
        .extracting(Diagnostic::message)
        .anyMatch(m -> m.contains("twice"));
  }
}
