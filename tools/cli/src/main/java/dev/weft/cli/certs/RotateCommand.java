package dev.weft.cli.certs;

import dev.weft.ca.SigningIdentity;
import dev.weft.cli.certs.Rotation.State;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.Kubeconfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft certs rotate}. Exits with 1 where it was not to wait and is not through. */
@Command(
    name = "rotate",
    description = {
      "Moves clusters from one root to another without refusing a connection: first everybody"
          + " trusts both, then the new CA signs, then the old root is withdrawn.",
      "Make the new CAs first (certs intermediate --out DIR). It can be interrupted and called"
          + " again: it goes on where it was.",
      "--context names every cluster with a CA of its own, separated by commas: of a hosted mesh,"
          + " its config API."
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
      description = "Where the new CAs are: DIR/CONTEXT/ca-cert.pem and the files beside it")
  private Path to = Path.of("");

  @Option(
      names = {"-i", "--istioNamespace", "-n", "--namespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "istio-system",
      description = "The namespace of the control planes' Secrets (default: ${DEFAULT-VALUE})")
  private String namespace = "istio-system";

  @Option(
      names = "--members",
      split = ",",
      arity = "0..1",
      paramLabel = "CONTEXT",
      description =
          "Contexts of clusters without a CA of their own, whose proxies have their certificates"
              + " from one of --context (default: the contexts with the names of the member"
              + " clusters of the mesh)")
  private @Nullable List<String> members;

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Wait until the next step can be taken (default: ${DEFAULT-VALUE})")
  private boolean wait = true;

  @Override
  public Integer call() throws InterruptedException {
    Kubeconfig config = access.kubeconfig(RunningLab::kubeconfig);
    List<ClusterCa> clusters = new ArrayList<>();
    List<Holders> holders = new ArrayList<>();
    try {
      for (String context : contexts(config)) {
        SigningIdentity target = new CaFolder(to).intermediate(context, Instant.now());
        clusters.add(new ClusterCa(context, access.client(config, context), namespace, target));
      }
      for (String context : new Audience(config, access).of(clusters, members)) {
        holders.add(new Holders(context, access.client(config, context)));
      }
      return rotate(clusters, holders);
    } finally {
      clusters.forEach(cluster -> cluster.client().close());
      holders.forEach(Holders::close);
    }
  }

  /** All clusters of a mesh belong together: none runs ahead of the others. */
  private List<String> contexts(Kubeconfig config) {
    return access.context().map(list -> List.of(list.split(",", -1))).orElse(List.of("")).stream()
        .map(name -> config.context(Optional.of(name).filter(n -> !n.isEmpty())))
        .toList();
  }

  private int rotate(List<ClusterCa> clusters, List<Holders> holders) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Set<X509Certificate> before = new LinkedHashSet<>();
    String told = "";
    while (true) {
      clusters.forEach(cluster -> before.addAll(cluster.current().roots()));
      State lowest = clusters.stream().map(ClusterCa::state).sorted().findFirst().orElseThrow();
      String late = late(lowest, clusters, holders, before);
      if (late.isEmpty()) {
        out.println(
            lowest == State.NEW ? "Done: the old root is withdrawn." : advance(lowest, clusters));
        out.flush();
        if (lowest == State.NEW) {
          return 0;
        }
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

  private static String advance(State lowest, List<ClusterCa> clusters) {
    List<ClusterCa> behind = clusters.stream().filter(c -> c.state() == lowest).toList();
    behind.forEach(ClusterCa::advance);
    return behind.stream().map(ClusterCa::context).collect(Collectors.joining(", "))
        + ": "
        + taken(lowest);
  }

  private static String taken(State before) {
    return switch (before) {
      case OLD -> "both roots are given out; the old CA signs.";
      case BOTH -> "the new CA signs; both roots are trusted.";
      case NEW_SIGNS -> "the old root is taken back.";
      case NEW -> "nothing is left to do.";
    };
  }

  /**
   * Who is late in any cluster, and for what: trust has to be everywhere before one of them signs
   * anew.
   *
   * @param before all roots that this run has seen in force
   */
  private static String late(
      State lowest, List<ClusterCa> clusters, List<Holders> holders, Set<X509Certificate> before) {
    List<SigningIdentity> targets = clusters.stream().map(ClusterCa::target).toList();
    Set<X509Certificate> roots = new LinkedHashSet<>();
    targets.forEach(target -> roots.addAll(target.roots()));
    return switch (lowest) {
      case OLD -> "";
      case BOTH ->
          holders.stream().allMatch(h -> h.bundles().isEmpty())
              ? "a control plane: no namespace has the ConfigMap " + Holders.BUNDLE
              : late(holders, h -> h.withoutTrust(roots, before), " to trust the new root");
      case NEW_SIGNS -> {
        List<X509Certificate> signers = targets.stream().map(SigningIdentity::certificate).toList();
        yield late(holders, h -> h.notSignedBy(signers), " to have certificates of the new CA");
      }
      case NEW -> {
        Set<X509Certificate> old = new LinkedHashSet<>(before);
        old.removeAll(roots);
        yield old.isEmpty()
            ? ""
            : late(holders, h -> h.stillTrusting(old), " to forget the old root");
      }
    };
  }

  private static String late(
      List<Holders> holders, Function<Holders, List<String>> question, String what) {
    List<String> late = new ArrayList<>();
    for (Holders asked : holders) {
      question.apply(asked).forEach(who -> late.add(who + " (" + asked.context() + ")"));
    }
    return late.isEmpty()
        ? ""
        : late.stream().limit(NAMED).collect(Collectors.joining(", "))
            + (late.size() > NAMED ? " and " + (late.size() - NAMED) + " more" : "")
            + what;
  }
}
