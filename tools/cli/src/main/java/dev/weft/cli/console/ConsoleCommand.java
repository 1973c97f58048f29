package dev.weft.cli.console;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.MeshAccess;
import dev.weft.types.MeshPorts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft console}. */
@Command(
    name = "console",
    description = {
      "Opens the web console of the mesh, with a token that is valid for an hour.",
      "Where the control plane is a pod, a port of this machine leads to it until Ctrl-C."
    })
public final class ConsoleCommand implements Callable<Integer> {
  @Mixin private final MeshAccess access = new MeshAccess();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-i", "--istioNamespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "istio-system",
      description = "Where control planes run in a cluster (default: ${DEFAULT-VALUE})")
  private String namespace = "istio-system";

  @Option(
      names = "--admin",
      description = "Be allowed to change the mesh's configuration, too (default: look only)")
  private boolean admin;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "Your own token for the API server that has the mesh's objects (default: one is"
              + " made, for a service account that has the rights of docs/roles/console-*.yaml)")
  private @Nullable String token;

  @Option(
      names = "--address",
      paramLabel = "URL",
      description = "Where the console is, if it is neither a pod's nor that of the running lab")
  private @Nullable URI address;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "" + MeshPorts.CONSOLE,
      description =
          "The port of this machine that leads to a pod (default: ${DEFAULT-VALUE}; 0: any)")
  private int port = MeshPorts.CONSOLE;

  @Option(names = "--no-open", description = "Print the address, and open no browser")
  private boolean noOpen;

  @Override
  public Integer call() throws InterruptedException {
    try (KubernetesClient client = access.client(RunningLab.HERE)) {
      if (address != null) {
        show(address, token(client));
        return 0;
      }
      Optional<Pod> pod = pod(client);
      if (pod.isPresent()) {
        forward(client, pod.get());
        return 0;
      }
      show(
          RunningLab.console()
              .orElseThrow(
                  () ->
                      CommandFailure.unreachable(
                          "no control plane runs in namespace "
                              + namespace
                              + ", and no lab is up: give --istioNamespace or --mesh-context, or"
                              + " --address URL where it is hosted elsewhere")),
          token(client));
      return 0;
    }
  }

  private String token(KubernetesClient client) {
    if (token != null) {
      return token;
    }
    ConsoleAccount account = new ConsoleAccount(client, namespace, admin);
    account.create();
    return account.token();
  }

  private Optional<Pod> pod(KubernetesClient client) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app", "istiod")
        .list()
        .getItems()
        .stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .filter(p -> p.getStatus() != null && "Running".equals(p.getStatus().getPhase()))
        .findFirst();
  }

  private void forward(KubernetesClient client, Pod pod) throws InterruptedException {
    String name = pod.getMetadata().getName();
    try (LocalPortForward forward =
        client
            .pods()
            .inNamespace(namespace)
            .withName(name)
            .portForward(MeshPorts.CONSOLE, InetAddress.getLoopbackAddress(), port)) {
      show(URI.create("http://127.0.0.1:" + forward.getLocalPort()), token(client));
      PrintWriter out = spec.commandLine().getOut();
      out.println("It is that of pod " + name + ". Ctrl-C ends the way to it.");
      out.flush();
      // Until the process is ended.
      new CountDownLatch(1).await();
    } catch (IOException e) {
      throw new CommandFailure(
          CommandFailure.Kind.UNREACHABLE,
          "cannot forward port " + port + " to pod " + name + ": " + e.getMessage(),
          e);
    }
  }

  /** A token goes behind the #, which browsers keep to themselves. */
  private void show(URI base, String secret) {
    URI place = base.resolve("/#token=" + secret);
    PrintWriter out = spec.commandLine().getOut();
    out.println(place);
    out.flush();
    if (!noOpen && !Browser.open(place)) {
      out.println("Open it in a browser: none was found here.");
      out.flush();
    }
  }
}
