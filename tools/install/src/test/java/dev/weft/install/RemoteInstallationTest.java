package dev.weft.install;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Installing into a cluster whose control plane is in another one. */
class RemoteInstallationTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path directory = Path.of(".");

  private final Installation installation = Installation.of(Path.of("../../install/charts"));
  private final List<String> said = new ArrayList<>();
  private BareCluster bare;
  private KubernetesClient cluster;

  /** There is no control plane that would complete a webhook. */
  private final Progress nobody =
      new Progress() {
        @Override
        public void say(String line) {
          said.add(line);
        }

        @Override
        public void waiting(Map<String, String> reasons) {
          assertThat(reasons.keySet()).noneMatch(object -> object.contains("Webhook"));
        }
      };

  @BeforeEach
  void start() throws IOException {
    bare = new BareCluster(directory);
    cluster = bare.client();
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
    return installation.install(cluster, operator(settings), LONG, nobody);
  }

  @Test
  void a_cluster_without_a_control_plane_is_told_to_name_one() throws Exception {
    assertThat(install("profile=remote", "values.istiodRemote.injectionPath=/inject/cluster/c"))
        .isEmpty();
    assertThat(said).anyMatch(line -> line.contains("topology.istio.io/controlPlaneClusters"));
    assertThat(bare.webhooks()).isZero();
  }

  @Test
  void a_cluster_that_leads_to_a_control_plane_does_not_wait_for_it() throws Exception {
    String[] remote = {
      "profile=remote",
      "values.istiodRemote.injectionPath=/inject/cluster/c2/net/n2",
      "values.global.remotePilotAddress=172.18.1.5"
    };

    assertThat(install(remote)).isEmpty();

    assertThat(said).anyMatch(line -> line.contains("remote secret"));
    assertThat(
            cluster
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace("istio-system")
                .withName("istiod-control-plane")
                .get()
                .getEndpoints())
        .singleElement()
        .satisfies(e -> assertThat(e.getAddresses()).containsExactly("172.18.1.5"));
    assertThat(installation.installed(cluster, operator(remote))).isTrue();
    assertThat(installation.verify(cluster, "istio-system", Optional.empty()))
        .containsOnlyKeys("MutatingWebhookConfiguration istio-sidecar-injector-istio-system");
    installation.uninstall(cluster, "istio-system", Optional.of("default"), _ -> true, nobody);
    assertThat(bare.webhooks()).isZero();
    assertThat(cluster.services().inNamespace("istio-system").list().getItems()).isEmpty();
  }
}
