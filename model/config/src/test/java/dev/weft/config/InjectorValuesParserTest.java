package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.InjectorValues.Capture;
import dev.weft.config.InjectorValues.NativeSidecars;
import dev.weft.config.InjectorValues.Redirect;
import dev.weft.config.InjectorValues.Resources;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InjectorValuesParserTest {
  private static InjectorValuesParser.Read read(Map<String, ?> values) {
    return InjectorValuesParser.read(values, "ConfigMap istio-system/istio-sidecar-injector");
  }

  @Test
  void nothing_said_is_istios_defaults() {
    assertThat(read(Map.of()))
        .isEqualTo(new InjectorValuesParser.Read(InjectorValues.defaults(), List.of()));
  }

  @Test
  void what_a_chart_says_is_taken_and_what_is_its_own_business_is_not_reported() {
    InjectorValuesParser.Read read =
        read(
            Map.of(
                "global",
                Map.of(
                    "hub",
                    "example.test/mesh",
                    "tag",
                    "1.2.3",
                    "imagePullPolicy",
                    "IfNotPresent",
                    "imagePullSecrets",
                    List.of("one", Map.of("name", "two")),
                    "network",
                    "network1",
                    "meshID",
                    "mesh1",
                    "istioNamespace",
                    "istio-system",
                    "multiCluster",
                    Map.of("clusterName", "cluster1"),
                    "proxy",
                    Map.of(
                        "logLevel",
                        "info",
                        "autoInject",
                        "enabled",
                        "excludeIPRanges",
                        "10.9.0.0/16",
                        "excludeInboundPorts",
                        "9100",
                        "resources",
                        Map.of("requests", Map.of("cpu", "50m"), "limits", Map.of()))),
                "sidecarInjectorWebhook",
                Map.of(
                    "enableNamespacesByDefault",
                    true,
                    "rewriteAppHTTPProbe",
                    false,
                    "neverInjectSelector",
                    List.of(
                        Map.of(
                            "matchExpressions",
                            List.of(Map.of("key", "batch", "operator", "Exists")))),
                    "injectedAnnotations",
                    Map.of("a", "b")),
                "revision",
                ""));

    assertThat(read.diagnostics()).isEmpty();
    assertThat(read.values())
        .isEqualTo(
            new InjectorValues(
                "example.test/mesh/weft:1.2.3",
                "IfNotPresent",
                List.of("one", "two"),
                "info",
                "misc:error",
                new Resources("50m", "", "", ""),
                new Capture("*", "10.9.0.0/16", "*", "9100", "", ""),
                "network1",
                "mesh1",
                "cluster1",
                NativeSidecars.AUTO,
                Redirect.POD,
                true,
                true,
                false,
                List.of(
                    new LabelSelector(
                        Map.of(),
                        List.of(
                            new LabelSelector.Requirement(
                                "batch", LabelSelector.Operator.EXISTS, List.of())))),
                List.of(),
                Map.of("a", "b")));
  }

  @ParameterizedTest
  @CsvSource({
    "hub.test, 1, '', hub.test/weft:1",
    "hub.test, '', '', hub.test/weft",
    "hub.test, 1, proxyv2, hub.test/proxyv2:1",
    "hub.test, 1, other.test/p, other.test/p",
    "hub.test, 1, p:2, p:2",
    "'', 1, '', ''",
    "'', 1, proxyv2, ''"
  })
  void an_image_is_in_the_hub_unless_its_name_stands_for_itself(
      String hub, String tag, String image, String reference) {
    assertThat(
            read(Map.of("global", Map.of("hub", hub, "tag", tag, "proxy", Map.of("image", image))))
                .values()
                .image())
        .isEqualTo(reference);
  }

  @Test
  void what_cannot_be_meant_is_named_and_keeps_its_default() {
    InjectorValuesParser.Read read =
        read(
            Map.of(
                "global",
                Map.of("nativeSidecars", "maybe", "imagePullSecrets", "one"),
                "sidecarInjectorWebhook",
                Map.of(
                    "alwaysInjectSelector",
                    List.of(
                        Map.of(
                            "matchExpressions",
                            List.of(Map.of("key", "a", "operator", "Near")))))));

    assertThat(read.values().nativeSidecars()).isEqualTo(NativeSidecars.AUTO);
    assertThat(read.diagnostics())
        .extracting(Diagnostic::path)
        .containsExactlyInAnyOrder(
            "values.global.nativeSidecars",
            "values.global.imagePullSecrets",
            "values.sidecarInjectorWebhook.alwaysInjectSelector[0].matchExpressions[0].operator");
  }

  @Test
  void the_node_redirects_where_the_installation_has_the_chart_for_it() {
    Map<String, Object> on = Map.of("enabled", true);
    assertThat(read(Map.of()).values().redirect()).isEqualTo(Redirect.POD);
    assertThat(read(Map.of("pilot", Map.of("cni", on))).values().redirect())
        .isEqualTo(Redirect.NODE);
    assertThat(read(Map.of("istio_cni", on)).values().redirect()).isEqualTo(Redirect.NODE);
    assertThat(read(Map.of("pilot", Map.of("cni", Map.of("enabled", false)))).values().redirect())
        .isEqualTo(Redirect.POD);
  }

  @Test
  void selectors_match_as_those_of_kubernetes() {
    LabelSelector selector =
        new LabelSelector(
            Map.of("app", "a"),
            List.of(
                new LabelSelector.Requirement("tier", LabelSelector.Operator.IN, List.of("x", "y")),
                new LabelSelector.Requirement(
                    "job", LabelSelector.Operator.DOES_NOT_EXIST, List.of())));
    assertThat(selector.matches(Map.of("app", "a", "tier", "y"))).isTrue();
    assertThat(selector.matches(Map.of("app", "a"))).isFalse();
    assertThat(selector.matches(Map.of("app", "a", "tier", "y", "job", ""))).isFalse();
    assertThat(new LabelSelector(Map.of(), List.of()).matches(Map.of("app", "a"))).isFalse();
  }
}
