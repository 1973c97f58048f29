package dev.weft.cli.install;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.reach.ClusterAccess;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The cluster that a command works on, and where it says what it does. */
final class InCluster {
  @Mixin ClusterAccess access = new ClusterAccess();

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec = CommandSpec.create();

  KubernetesClient client() {
    return access.client(RunningLab::kubeconfig);
  }

  Console console() {
    return new Console(spec.commandLine().getOut());
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
