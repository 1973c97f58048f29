package dev.weft.cli.certs;

import dev.weft.ca.SigningIdentity;
import dev.weft.cli.certs.Rotation.State;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.Kubeconfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft certs rotate}. Exits with 1 where it was not to wait and is not through. */
@Command(
    name = "rotate",
    description = {
      "Leads clusters from one root to another without refusing a connection: first everybody"
          + " trusts both, then the new CA signs, then the old root is forgotten.",
      "Make the new CAs first (certs intermediate --out DIR). It can be interrupted and called"
          + " again: it goes on where it was."
    })
final class RotateCommand implements Callable<Integer> {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
  private static final int NAMED = 5;

  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "Where the new CAs are: DIR/CONTEXT/ca-cert.pem and its fellows")
  private Path to = Path.of("");

  @Option(
      names = {"-i", "--istioNamespace", "-n", "--namespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "istio-system",
      description = "Where the control planes have their Secrets (default: ${DEFAULT-VALUE})")
  private String namespace = "istio-system";

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Wait until the next step can be taken (default: ${DEFAULT-VALUE}); proxies renew at"
              + " half of their certificates' life, or when their pods are restarted")
  private boolean wait = true;

  @Override
  public Integer call() throws InterruptedException {
    Kubeconfig config = access.kubeconfig(RunningLab::kubeconfig);
    List<ClusterCa> clusters = new ArrayList<>();
    try {
      for (String context : contexts(config)) {
        SigningIdentity target = new CaFolder(to).intermediate(context, Instant.now());
        KubernetesClient client = access.client(config, context);
        clusters.add(new ClusterCa(context, client, namespace, target));
      }
      return rotate(clusters);
    } finally {
      clusters.forEach(cluster -> cluster.client().close());
    }
  }

  /** All clusters of a mesh belong together: none runs ahead of the others. */
  private List<String> contexts(Kubeconfig config) {
    return access.context().map(list -> List.of(list.split(",", -1))).orElse(List.of("")).stream()
        .map(name -> config.context(Optional.of(name).filter(n -> !n.isEmpty())))
        .toList();
  }

  private int rotate(List<ClusterCa> clusters) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    List<SigningIdentity> targets = clusters.stream().map(ClusterCa::target).toList();
    String told = "";
    while (true) {
      State lowest = clusters.stream().map(ClusterCa::state).sorted().findFirst().orElseThrow();
      if (lowest == State.NEW) {
        out.println("Done: the old root is forgotten.");
        out.flush();
        return 0;
      }
      List<ClusterCa> behind = clusters.stream().filter(c -> c.state() == lowest).toList();
      String late = late(lowest, clusters, targets);
      if (late.isEmpty()) {
        behind.forEach(ClusterCa::advance);
        out.println(
            behind.stream().map(ClusterCa::context).collect(Collectors.joining(", "))
                + ": "
                + taken(lowest));
        out.flush();
        continue;
      }
      if (!late.equals(told)) {
        out.println("Waiting for " + late);
        out.flush();
        told = late;
      }
      if (!wait) {
        return CommandFailure.Kind.FAILED.exitCode();
      }
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  private static String taken(State before) {
    return switch (before) {
      case OLD -> "both roots are given out; the old CA signs.";
      case BOTH -> "the new CA signs; both roots are trusted.";
      case NEW_SIGNS -> "the old root is taken back.";
      case NEW -> "nothing is left to do.";
    };
  }

  /** Who is late in any cluster: trust has to be everywhere before one of them signs anew. */
  private static String late(
      State lowest, List<ClusterCa> clusters, List<SigningIdentity> targets) {
    List<String> late = new ArrayList<>();
    for (ClusterCa cluster : clusters) {
      cluster.late(lowest, targets).forEach(who -> late.add(who + " (" + cluster.context() + ")"));
    }
    String what =
        lowest == State.BOTH ? " to trust the new root" : " to have certificates of the new CA";
    return late.isEmpty()
        ? ""
        : late.stream().limit(NAMED).collect(Collectors.joining(", "))
            + (late.size() > NAMED ? " and " + (late.size() - NAMED) + " more" : "")
            + what;
  }
}
