package dev.weft.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installing into a real API server, behind which this test plays the controllers. */
class InstallationTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path directory = Path.of(".");

  private final Installation installation = Installation.of(Path.of("../../install/charts"));
  private final List<String> said = new ArrayList<>();
  private BareCluster bare;
  private KubernetesClient cluster;
  private Progress controllers;

  @BeforeEach
  void start() throws IOException {
    bare = new BareCluster(directory);
    cluster = bare.client();
    controllers = bare.controllers(said);
  }

  @AfterEach
  void stop() {
    bare.close();
  }

  private IstioOperator operator(String... settings) {
    IstioOperator.Read read = installation.read(List.of(), List.of(settings));
    assertThat(read.problems()).isEmpty();
    return read.operator();
  }

  private Map<String, String> install(String... settings) throws InterruptedException {
    return installation.install(cluster, operator(settings), LONG, controllers);
  }

  private void uninstall(Optional<String> revision) {
    installation.uninstall(cluster, "istio-system", revision, _ -> true, controllers);
  }

  @Test
  void a_bare_cluster_gets_a_mesh_and_loses_it_without_a_trace() throws Exception {
    assertThat(install()).isEmpty();
    assertThat(said)
        .contains("namespace istio-system created")
        .anyMatch(line -> line.startsWith("types: 16 objects"))
        .anyMatch(line -> line.startsWith("gateways: "));
    assertThat(installation.verify(cluster, "istio-system", Optional.empty())).isEmpty();

    uninstall(Optional.of("default"));
    assertThat(bare.webhooks()).isZero();
    assertThat(cluster.apps().deployments().inAnyNamespace().list().getItems()).isEmpty();
    assertThat(cluster.serviceAccounts().inNamespace("istio-system").list().getItems())
        .extracting(a -> a.getMetadata().getName())
        .contains("istio-reader-service-account");

    uninstall(Optional.empty());
    assertThat(
            cluster.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                .filter(c -> c.getMetadata().getLabels() != null)
                .toList())
        .isEmpty();
    assertThat(installation.verify(cluster, "istio-system", Optional.empty())).isNotEmpty();
  }

  @Test
  void a_purge_takes_those_along_as_whom_people_came_to_the_console() throws Exception {
    install("profile=minimal");
    cluster.resource(account("weft-console-reader")).create();
    cluster.resource(account("somebody-else")).create();
    for (String binding :
        List.of("weft-console-reader-istio-system", "weft-console-reader-other")) {
      cluster
          .resource(
              new ClusterRoleBindingBuilder()
                  .withNewMetadata()
                  .withName(binding)
                  .endMetadata()
                  .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", binding)
                  .build())
          .create();
    }

    uninstall(Optional.of("default"));
    assertThat(accounts()).contains("weft-console-reader");

    uninstall(Optional.empty());
    assertThat(accounts()).contains("somebody-else").doesNotContain("weft-console-reader");
    assertThat(cluster.rbac().clusterRoleBindings().list().getItems())
        .extracting(b -> b.getMetadata().getName())
        .contains("weft-console-reader-other")
        .doesNotContain("weft-console-reader-istio-system");
  }

  private List<String> accounts() {
    return cluster.serviceAccounts().inNamespace("istio-system").list().getItems().stream()
        .map(a -> a.getMetadata().getName())
        .toList();
  }

  private static ServiceAccount account(String name) {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("istio-system")
        .endMetadata()
        .build();
  }

  @Test
  void installing_again_changes_nothing_but_what_is_wished() throws Exception {
    install();
    install("components.ingressGateways[0].name=istio-ingressgateway", "profile=default");
    assertThat(said).noneMatch(line -> line.contains("deleted"));
    install("values.pilot.autoscaleEnabled=true");
    assertThat(
            cluster
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace("istio-system")
                .list()
                .getItems())
        .hasSize(1);
    install();
    assertThat(said)
        .contains("HorizontalPodAutoscaler istio-system/istiod is no longer wanted: deleted");
  }

  @Test
  void a_gateway_that_is_added_leaves_the_control_plane_as_it_is() throws Exception {
    install("profile=minimal");
    IstioOperator.Read gateway =
        installation.read(List.of(Installation.eastWestGateway("network1", "")), List.of());
    assertThat(gateway.problems()).isEmpty();
    assertThat(installation.install(cluster, gateway.operator(), LONG, controllers)).isEmpty();
    assertThat(cluster.apps().deployments().inNamespace("istio-system").list().getItems())
        .extracting(d -> d.getMetadata().getName())
        .containsExactlyInAnyOrder("istiod", "istio-eastwestgateway");
    assertThat(said).noneMatch(line -> line.contains("deleted"));
  }

  @Test
  void a_namespace_that_is_there_keeps_its_labels() throws Exception {
    cluster
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName("istio-system")
                .addToLabels("topology.istio.io/network", "network7")
                .addToLabels("team", "mesh")
                .endMetadata()
                .build())
        .create();
    install("profile=minimal", "values.global.network=network1");
    assertThat(cluster.namespaces().withName("istio-system").get().getMetadata().getLabels())
        .containsEntry("topology.istio.io/network", "network7")
        .containsEntry("team", "mesh");
    assertThat(said).anyMatch(line -> line.contains("says network 'network7'"));
  }

  @Test
  void an_istio_that_is_there_is_not_overwritten() throws Exception {
    cluster
        .resource(
            new NamespaceBuilder().withNewMetadata().withName("istio-system").endMetadata().build())
        .create();
    cluster
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("istio-system")
                .withName("istiod")
                .addToLabels("operator.istio.io/component", "Pilot")
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withPort(1)
                .endPort()
                .endSpec()
                .build())
        .create();
    assertThatThrownBy(() -> install("profile=minimal"))
        .isInstanceOf(InstallException.class)
        .hasMessageContaining("Service istio-system/istiod belongs to an Istio")
        .hasMessageContaining("--revision");
    assertThat(cluster.configMaps().inNamespace("istio-system").withName("istio").get()).isNull();
    assertThat(
            installation.precheck(cluster, operator("profile=minimal")).stream()
                .filter(Finding::error)
                .map(Finding::message)
                .toList())
        .containsExactly("Service istio-system/istiod belongs to an Istio");
    assertThat(install("profile=minimal", "revision=weft")).isEmpty();
  }

  @Test
  void a_second_mesh_needs_a_revision_of_its_own() throws Exception {
    install("profile=minimal");
    assertThatThrownBy(() -> install("profile=minimal", "namespace=other"))
        .hasMessageContaining("answers for revision default too");
    assertThat(install("profile=minimal", "namespace=other", "revision=second")).isEmpty();
    installation.setTag(cluster, "other", "prod", "second", false);
    assertThat(installation.tags(cluster, "other")).extracting(Tag::name).containsExactly("prod");
    assertThatThrownBy(() -> installation.setTag(cluster, "istio-system", "prod", "default", false))
        .hasMessageContaining("answers for revision prod too");
    assertThat(installation.removeTag(cluster, "other", "prod")).isTrue();
    uninstall(Optional.empty());
    assertThat(cluster.apps().deployments().inNamespace("other").list().getItems()).hasSize(1);
    assertThat(
            cluster
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("gateways.networking.istio.io")
                .get())
        .isNotNull();
  }

  @Test
  void types_of_another_owner_stay_and_newer_ones_are_refused() throws Exception {
    install("profile=minimal");
    var types = cluster.apiextensions().v1().customResourceDefinitions();
    types
        .withName("gateways.networking.istio.io")
        .edit(
            c -> {
              c.getMetadata().getLabels().clear();
              c.getSpec().getVersions().removeIf(v -> v.getName().equals("v1beta1"));
              return c;
            });
    install("profile=minimal");
    assertThat(said)
        .anyMatch(l -> l.contains("gateways.networking.istio.io") && l.contains("v1beta1"));
    types
        .withName("sidecars.networking.istio.io")
        .edit(
            c -> {
              c.getMetadata().getAnnotations().put("install.weft.dev/version", "9.0.0");
              return c;
            });
    assertThatThrownBy(() -> install("profile=minimal")).hasMessageContaining("newer than");
  }

  @Test
  void what_does_not_come_up_is_named_with_the_reason() throws Exception {
    Progress idle =
        new Progress() {
          @Override
          public void say(String line) {
            said.add(line);
          }

          @Override
          public void waiting(Map<String, String> reasons) {
            said.add(reasons.toString());
          }
        };
    Map<String, String> lacking =
        installation.install(cluster, operator("profile=minimal"), Duration.ZERO, idle);
    assertThat(lacking)
        .containsEntry("Deployment istio-system/istiod", "0 of 1 pods are available");
    assertThat(bare.webhooks()).isZero();
  }

  @Test
  void somebody_elses_configmap_is_not_taken_over() throws Exception {
    cluster
        .resource(
            new NamespaceBuilder().withNewMetadata().withName("istio-system").endMetadata().build())
        .create();
    cluster
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("istio-system")
                .withName("istio")
                .endMetadata()
                .build())
        .create();
    assertThatThrownBy(() -> install("profile=minimal"))
        .hasMessageContaining("ConfigMap istio-system/istio was created by somebody else");
  }

  @Test
  void the_account_of_a_remote_secret_that_came_first_is_taken() throws Exception {
    cluster
        .resource(
            new NamespaceBuilder().withNewMetadata().withName("istio-system").endMetadata().build())
        .create();
    cluster
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace("istio-system")
                .withName("istio-reader-service-account")
                .endMetadata()
                .build())
        .create();
    assertThat(install("profile=minimal")).isEmpty();
  }

  @Test
  void slices_that_the_cluster_makes_of_a_service_are_its_own() throws Exception {
    install("profile=minimal");
    var slices = cluster.discovery().v1().endpointSlices().inNamespace("istio-system");
    slices
        .resource(
            new EndpointSliceBuilder()
                .withNewMetadata()
                .withName("istiod-x1")
                .withLabels(
                    cluster
                        .services()
                        .inNamespace("istio-system")
                        .withName("istiod")
                        .get()
                        .getMetadata()
                        .getLabels())
                .addToLabels("kubernetes.io/service-name", "istiod")
                .addToLabels(
                    "endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(List.of())
                .build())
        .create();
    install("profile=minimal");
    assertThat(slices.withName("istiod-x1").get()).isNotNull();
    assertThat(said).noneMatch(line -> line.contains("istiod-x1"));
  }
}
