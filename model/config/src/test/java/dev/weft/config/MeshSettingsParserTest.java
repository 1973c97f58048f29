package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.types.NetworkId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the settings of the mesh mean, and what is wrong with them. */
class MeshSettingsParserTest {
  private static MeshSettingsParser.Read read(Map<String, ?> mesh) {
    return MeshSettingsParser.read(mesh, Map.of(), MeshSettings.defaults());
  }

  @Test
  void a_wrong_field_keeps_its_default_and_is_reported() {
    MeshSettingsParser.Read read =
        MeshSettingsParser.read(
            Map.of(
                "trustDomain",
                "Bad Domain",
                "enableAutoMtls",
                false,
                "accessLogFile",
                "/dev/stdout",
                "accessLogEncoding",
                "JSON",
                "defaultConfig",
                Map.of("proxyMetadata", Map.of("ISTIO_META_DNS_CAPTURE", "false")),
                "weft",
                Map.of("compatibility", "istio", "certificateLifetime", "90s"),
                "outboundTrafficPolicy",
                Map.of("mode", "REGISTRY_ONLY")),
            Map.of(
                "networks",
                Map.of("n2", Map.of("gateways", List.of(Map.of("address", "1.1.1.1"))))),
            MeshSettings.defaults());
    assertThat(read.settings().trustDomain().value()).isEqualTo("cluster.local");
    assertThat(read.settings().autoMtls()).isFalse();
    assertThat(read.settings().dnsProxy()).isFalse();
    assertThat(read.settings().accessLog().format()).isEqualTo(new AccessLog.Format.IstioJson());
    assertThat(read.settings().certificateLifetime()).isEqualTo(Duration.ofSeconds(90));
    assertThat(read.settings().unknownNetworks())
        .isEqualTo(MeshSettings.UnknownNetworkPolicy.ISTIO);
    assertThat(read.settings().networks()).containsOnlyKeys(new NetworkId("n2"));
    assertThat(read.diagnostics())
        .singleElement()
        .satisfies(d -> assertThat(d.path()).isEqualTo("mesh.trustDomain"));
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, NONE",
    "BASE, BASE",
    "DEFAULT, BASE",
    "MERGE_SLASHES, MERGE_SLASHES",
    "DECODE_AND_MERGE_SLASHES, DECODE_AND_MERGE_SLASHES"
  })
  void the_words_for_paths_are_istios(String written, PathNormalization paths) {
    MeshSettingsParser.Read read =
        read(Map.of("pathNormalization", Map.of("normalization", written)));
    assertThat(read.settings().paths()).isEqualTo(paths);
    assertThat(read.diagnostics()).isEmpty();
  }

  @Test
  void another_word_for_paths_is_reported_and_they_are_cleaned_as_by_default() {
    MeshSettingsParser.Read read =
        read(Map.of("pathNormalization", Map.of("normalization", "ALL")));
    assertThat(read.settings().paths()).isEqualTo(PathNormalization.BASE);
    assertThat(read.diagnostics())
        .singleElement()
        .satisfies(d -> assertThat(d.path()).isEqualTo("mesh.pathNormalization.normalization"));
  }

  /**
   * @param path where something is wrong, within {@code mesh}; empty for nothing
   */
  private record Case(Map<String, ?> policy, Retries retries, String path) {}

  static Stream<Case> retries() {
    return Stream.of(
        new Case(
            Map.of("attempts", 5, "retryOn", "reset,503", "backoff", "50ms"),
            new Retries(5, null, "reset,503", false, null, Duration.ofMillis(50)),
            ""),
        new Case(
            Map.of(
                "attempts",
                1,
                "perTryTimeout",
                "2s",
                "retryRemoteLocalities",
                true,
                "retryIgnorePreviousHosts",
                false),
            new Retries(1, Duration.ofSeconds(2), "", true, false, null),
            ""),
        new Case(Map.of("attempts", 0), new Retries(0, null, "", false, null, null), ""),
        new Case(Map.of(), new Retries(0, null, "", false, null, null), ""),
        new Case(Map.of("retryOn", "5xx"), Retries.USUAL, ".attempts"),
        new Case(Map.of("attempts", 3, "retryOn", "often"), Retries.USUAL, ".retryOn"),
        new Case(Map.of("attempts", 3, "backoff", "0s"), Retries.USUAL, ".backoff"));
  }

  @ParameterizedTest
  @MethodSource("retries")
  void retries_are_read_as_those_of_a_route(Case c) {
    MeshSettingsParser.Read read = read(Map.of("defaultHttpRetryPolicy", c.policy()));
    assertThat(read.settings().retries()).isEqualTo(c.retries());
    assertThat(read.diagnostics().stream().map(Diagnostic::path).toList())
        .isEqualTo(
            c.path().isEmpty() ? List.of() : List.of("mesh.defaultHttpRetryPolicy" + c.path()));
  }

  @Test
  void without_a_word_about_retries_there_are_the_usual_ones() {
    assertThat(read(Map.of()).settings().retries()).isEqualTo(Retries.USUAL);
  }
}
