package dev.weft.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorReaderTest {
  private final Installation installation = Installation.of(Path.of("../../install/charts"));

  private IstioOperator.Read read(String spec, String... settings) {
    return installation.read(
        List.of("apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n" + spec),
        List.of(settings));
  }

  @Test
  void fields_that_mean_nothing_are_named_with_their_paths() {
    assertThat(
            read("""
            spec:
              profil: minimal
              components:
                pilot:
                  k8s:
                    readinessProbe: {}
                ingressGateways:
                - name: istio-ingressgateway
                  lable: {}
              values:
                global:
                  mesh: m
                pilot:
                  nodeSelector:
                    any: thing
            """)
                .problems())
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "spec.profil",
            "spec.values.global.mesh",
            "spec.components.pilot.k8s.readinessProbe",
            "spec.components.ingressGateways.lable");
  }

  @Test
  void another_kind_and_an_unknown_profile_are_named() {
    assertThat(
            installation
                .read(List.of("apiVersion: v1\nkind: Pod\nspec: {profile: ambient}"), List.of())
                .problems())
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            "apiVersion: 'v1' is not install.istio.io/v1alpha1",
            "kind: 'Pod' is not IstioOperator",
            "spec.profile: 'ambient' is not one of default, demo, minimal, remote, empty");
  }

  @Test
  void settings_are_laid_over_documents_and_documents_over_profiles() {
    IstioOperator wanted =
        read(
                "spec: {values: {global: {hub: a, tag: b}}}",
                "values.global.hub=c",
                "components.ingressGateways[0].name=istio-ingressgateway",
                "components.ingressGateways[0].enabled=false",
                "meshConfig.defaultConfig.proxyMetadata.A\\.B=1")
            .operator();
    assertThat(wanted.gateways()).isEmpty();
    assertThat(Trees.at(wanted.control(), "global", "hub")).isEqualTo("c");
    assertThat(Trees.at(wanted.control(), "global", "tag")).isEqualTo("b");
    assertThat(Trees.at(wanted.control(), "meshConfig", "defaultConfig", "proxyMetadata", "A.B"))
        .isEqualTo(1L);
  }

  @Test
  void a_setting_without_a_value_and_text_that_is_no_yaml_say_so() {
    assertThatThrownBy(() -> read("", "profile")).hasMessageContaining("path=value");
    assertThatThrownBy(() -> installation.read(List.of("a: [b"), List.of()))
        .hasMessageContaining("is not YAML");
  }

  @Test
  void a_remote_cluster_gets_rights_and_no_control_plane() {
    IstioOperator wanted = read("spec: {profile: remote}").operator();
    assertThat(installation.titles(wanted))
        .contains("Role istio-system/istio-reader-provision")
        .noneMatch(title -> title.startsWith("Deployment"));
  }

  @Test
  void a_remote_cluster_that_is_told_an_address_leads_there() {
    IstioOperator wanted =
        read(
                "spec: {profile: remote}",
                "values.global.remotePilotAddress=172.18.1.5",
                "values.istiodRemote.injectionPath=/inject/cluster/c2/net/n2")
            .operator();
    assertThat(installation.titles(wanted))
        .contains(
            "Service istio-system/istiod",
            "EndpointSlice istio-system/istiod-control-plane",
            "MutatingWebhookConfiguration istio-sidecar-injector-istio-system")
        .noneMatch(title -> title.startsWith("Deployment"))
        .noneMatch(title -> title.startsWith("ValidatingWebhookConfiguration"));
  }

  @Test
  void a_host_name_is_called_by_api_servers_as_it_is() {
    IstioOperator wanted =
        read(
                "spec: {profile: remote}",
                "values.global.remotePilotAddress=mesh.example.com",
                "values.global.multiCluster.clusterName=c2",
                "values.global.network=n2")
            .operator();
    assertThat(installation.manifest(wanted))
        .contains("externalName: mesh.example.com")
        .contains("url: https://mesh.example.com:15017/inject/cluster/c2/net/n2")
        .doesNotContain("EndpointSlice");
  }

  @Test
  void a_remote_cluster_without_a_name_is_asked_for_its_path() {
    IstioOperator wanted =
        read("spec: {profile: remote}", "values.global.remotePilotAddress=172.18.1.5").operator();
    assertThatThrownBy(() -> installation.titles(wanted))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("istiodRemote.injectionPath is missing");
  }

  @Test
  void a_credential_in_a_list_that_everybody_may_read_is_refused() {
    IstioOperator wanted =
        read("""
        spec:
          values:
            console:
              prometheus:
              - {url: "http://one:9090"}
              - {url: "http://two:9090", basic_auth: {username: me, password: hidden}}
        """)
            .operator();
    assertThatThrownBy(() -> installation.titles(wanted))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("console.prometheus[1] holds a credential")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void an_overlay_that_leads_nowhere_says_where() {
    IstioOperator wanted =
        read("""
        spec:
          components:
            pilot:
              k8s:
                overlays:
                - kind: Deployment
                  name: istiod
                  patches:
                  - path: spec.template.spec.containers.[name:none].image
                    value: x
        """)
            .operator();
    assertThatThrownBy(() -> installation.titles(wanted))
        .hasMessageContaining("there is no element [name:none]");
  }

  @Test
  void the_redirect_of_nodes_is_installed_where_it_is_asked_for_and_the_injector_told() {
    IstioOperator wanted =
        read("""
        spec:
          components:
            cni:
              enabled: true
              namespace: kube-system
              k8s:
                tolerations: []
          values:
            cni:
              privileged: true
        """)
            .operator();
    assertThat(installation.titles(wanted)).contains("DaemonSet kube-system/istio-cni-node");
    assertThat(installation.manifest(wanted))
        .contains("privileged: true")
        .containsPattern("\"cni\": \\{\\s+\"enabled\": true");
    assertThat(installation.titles(read("").operator())).noneMatch(t -> t.contains("istio-cni"));
  }

  @Test
  void a_machine_without_helms_engine_is_told_how_to_install() {
    assertThat(Charts.unrendered("Linux", "amd64")).isEmpty();
    assertThat(Charts.unrendered("Linux", "aarch64"))
        .get()
        .asString()
        .contains("Linux on aarch64", "install the charts in install/charts with helm");
  }
}
