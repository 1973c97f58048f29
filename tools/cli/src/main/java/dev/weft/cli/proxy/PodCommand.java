package dev.weft.cli.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.NamespaceOption;
import dev.weft.cli.reach.PodName;
import dev.weft.cli.reach.ProxyAdmin;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What all commands share that ask the proxy of one pod. */
abstract sealed class PodCommand implements Callable<Integer>
    permits ListenersCommand, RoutesCommand, ClustersCommand, EndpointsCommand, SecretsCommand {
  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "POD", description = "POD, POD.NAMESPACE, NAMESPACE/POD or deploy/NAME")
  private String pod = "";

  /** What the command is about, out of what the proxy says. */
  abstract List<JsonNode> select(ProxyAdmin admin, Pod target);

  /** The same for people. */
  abstract String table(List<JsonNode> selected);

  @Override
  public Integer call() {
    try (KubernetesClient client = access.client(RunningLab::kubeconfig)) {
      ProxyAdmin admin = new ProxyAdmin(client);
      Pod target = admin.pod(PodName.parse(pod, namespace.value(access, RunningLab.HERE)));
      List<JsonNode> selected = select(admin, target);
      output.print(spec.commandLine().getOut(), selected, () -> table(selected));
    }
    return 0;
  }
}
