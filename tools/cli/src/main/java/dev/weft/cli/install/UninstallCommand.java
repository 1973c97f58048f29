package dev.weft.cli.install;

import dev.weft.cli.reach.CommandFailure;
import dev.weft.install.Installation;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft uninstall}. */
@Command(
    name = "uninstall",
    description = {
      "Deletes a control plane and its gateways, webhooks first, so that none is left to block pods.",
      "Pods keep their proxies until they are recreated."
    },
    mixinStandardHelpOptions = true)
public final class UninstallCommand implements Callable<Integer> {
  @Mixin InCluster cluster = new InCluster();
  @Mixin NamespaceOption mesh = new NamespaceOption();

  @Option(
      names = {"-r", "--revision"},
      paramLabel = "NAME",
      description = "The revision, if there are several (default: ${DEFAULT-VALUE})",
      defaultValue = "default")
  String revision = "default";

  @Option(
      names = "--purge",
      description =
          "All revisions, the types with all objects of users, and what the control plane created"
              + " itself")
  boolean purge;

  @Option(
      names = {"-y", "--skip-confirmation"},
      description = "Do not ask")
  boolean yes;

  @Override
  public Integer call() {
    Console console = cluster.console();
    Installation installation = ChartFiles.installation();
    Optional<String> which = purge ? Optional.empty() : Optional.of(revision);
    try (KubernetesClient client = cluster.client()) {
      boolean found =
          ChartFiles.saying(
              () ->
                  installation.uninstall(
                      client,
                      mesh.namespace,
                      which,
                      titles ->
                          yes
                              || console.asks(
                                  "Delete these from " + client.getMasterUrl() + "?", titles),
                      console));
      if (!found) {
        throw CommandFailure.failed(
            "nothing of "
                + which.map(r -> "revision " + r).orElse("this mesh")
                + " is installed in namespace "
                + mesh.namespace);
      }
    }
    return 0;
  }
}
