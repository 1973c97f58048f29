package dev.weft.install;

import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.NoPods;
import dev.weft.apiserver.server.ApiServer;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An API server without anything behind it: whoever has it plays the controllers. */
final class BareCluster implements AutoCloseable {
  private final ApiServer server;
  private final KubernetesClient client;

  BareCluster(Path directory) throws IOException {
    server =
        ApiServer.open(
            new ApiServerSettings("cluster1", directory, 0, List.of()),
            new NoPods(),
            (_, _, _) -> {
              throw new IOException("no services here");
            });
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                Config.fromKubeconfig(
                    server.kubeconfig("test", "https://127.0.0.1:" + server.port())))
            .build();
  }

  KubernetesClient client() {
    return client;
  }

  /** Does the controllers' work whenever somebody waits for it. */
  Progress controllers(List<String> said) {
    return new Progress() {
      @Override
      public void say(String line) {
        said.add(line);
      }

      @Override
      public void waiting(Map<String, String> reasons) {
        runDeployments();
        certifyWebhooks();
      }
    };
  }

  int webhooks() {
    var admission = client.admissionRegistration().v1();
    return admission.mutatingWebhookConfigurations().list().getItems().size()
        + admission.validatingWebhookConfigurations().list().getItems().size();
  }

  /** What the deployment controller and a kubelet do. */
  private void runDeployments() {
    client
        .apps()
        .deployments()
        .inAnyNamespace()
        .list()
        .getItems()
        .forEach(
            d -> {
              int wanted = d.getSpec().getReplicas() == null ? 1 : d.getSpec().getReplicas();
              d.setStatus(
                  new DeploymentStatusBuilder()
                      .withObservedGeneration(d.getMetadata().getGeneration())
                      .withReplicas(wanted)
                      .withUpdatedReplicas(wanted)
                      .withAvailableReplicas(wanted)
                      .build());
              client.resource(d).updateStatus();
            });
  }

  /** What a control plane does. */
  private void certifyWebhooks() {
    var admission = client.admissionRegistration().v1();
    admission
        .mutatingWebhookConfigurations()
        .list()
        .getItems()
        .forEach(
            c -> {
              c.getWebhooks().forEach(w -> w.getClientConfig().setCaBundle("Y2E="));
              client.resource(c).update();
            });
    admission
        .validatingWebhookConfigurations()
        .list()
        .getItems()
        .forEach(
            c -> {
              c.getWebhooks().forEach(w -> w.getClientConfig().setCaBundle("Y2E="));
              client.resource(c).update();
            });
  }

  @Override
  public void close() {
    client.close();
    server.stop();
  }
}
