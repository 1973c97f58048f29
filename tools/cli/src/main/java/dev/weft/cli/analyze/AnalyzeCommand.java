package dev.weft.cli.analyze;

import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.cli.reach.Kubeconfig;
import dev.weft.cli.reach.NamespaceOption;
import dev.weft.config.Diagnostic;
import dev.weft.types.ClusterId;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft analyze}. Exits with 1 where something has no effect as it stands. */
@Command(
    name = "analyze",
    description = {
      "Finds mistakes in the configuration of a mesh, in clusters or in files before they are"
          + " applied.",
      "--context A,B checks several clusters as one mesh. Codes are Istio's where it knows the"
          + " mistake."
    })
public final class AnalyzeCommand implements Callable<Integer> {
  /** What files are meant for where no cluster is read. */
  private static final ClusterId FILES = new ClusterId("files");

  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();
  @Mixin private final ControlPlane controlPlane = new ControlPlane();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Report on every namespace, not only that of -n")
  private boolean everywhere;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files or directories to check as if they were applied; - for standard input")
  private List<Path> files = List.of();

  @Parameters(paramLabel = "FILE", arity = "0..*", description = "The same as -f")
  private List<Path> moreFiles = List.of();

  @Option(
      names = {"-k", "--use-kube"},
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "true",
      paramLabel = "BOOL",
      description = "Read the clusters too, not the files alone (default: ${DEFAULT-VALUE})")
  private boolean useKube = true;

  @Override
  public Integer call() {
    String reported = useKube ? namespace.value(access, RunningLab.HERE) : namespace.orDefault();
    List<ClusterId> clusters = new ArrayList<>();
    Material material = new Material();
    List<Diagnostic> refused = List.of();
    // Files come first: what is about to be applied stands for what is there.
    List<Path> all = new ArrayList<>(files);
    all.addAll(moreFiles);
    if (useKube) {
      Kubeconfig config = access.kubeconfig(RunningLab::kubeconfig);
      List<String> contexts = contexts(config);
      ClusterId first = id(contexts.getFirst());
      all.forEach(file -> new ManifestFiles(material, first, reported).read(file));
      for (String context : contexts) {
        try (KubernetesClient client = access.client(config, context)) {
          new LiveCluster(client, controlPlane.istioNamespace()).addTo(material, id(context));
        }
      }
      refused =
          new RefusedByProxies(controlPlane, access).in(contexts, spec.commandLine().getErr());
    } else {
      material.cluster(FILES);
      all.forEach(file -> new ManifestFiles(material, FILES, reported).read(file));
    }
    List<Diagnostic> findings =
        Stream.concat(material.findings().stream(), refused.stream())
            .sorted()
            .filter(d -> everywhere || concerns(d.object(), reported))
            .toList();
    output.print(
        spec.commandLine().getOut(),
        findings,
        () -> text(findings, everywhere ? "all namespaces" : "namespace " + reported));
    return findings.stream().anyMatch(d -> d.severity() == Diagnostic.Severity.ERROR) ? 1 : 0;
  }

  private List<String> contexts(Kubeconfig config) {
    if (access.context().isEmpty()) {
      return List.of(config.context(access.context()));
    }
    return access.context().stream()
        .flatMap(list -> List.of(list.split(",", -1)).stream())
        .map(name -> config.context(Optional.of(name)))
        .toList();
  }

  /** A context that is no name of a cluster stands for one all the same. */
  private static ClusterId id(String context) {
    try {
      return new ClusterId(context);
    } catch (IllegalArgumentException e) {
      return new ClusterId("c" + Integer.toHexString(context.hashCode()));
    }
  }

  /** Objects are named {@code Kind namespace/name}; those without a namespace concern everybody. */
  static boolean concerns(String object, String namespace) {
    String name = object.substring(object.indexOf(' ') + 1);
    int slash = name.indexOf('/');
    return slash < 0
        ? !object.startsWith("Namespace ") || name.startsWith(namespace)
        : name.substring(0, slash).equals(namespace);
  }

  static String text(List<Diagnostic> findings, String where) {
    if (findings.isEmpty()) {
      return "No mistakes found in " + where + ".\n";
    }
    StringBuilder out = new StringBuilder();
    for (Diagnostic d : findings) {
      out.append(
              switch (d.severity()) {
                case ERROR -> "Error";
                case WARNING -> "Warning";
                case NOTE -> "Info";
              })
          .append(" [")
          .append(d.code())
          .append("] (")
          .append(d.object())
          .append(d.path().isEmpty() ? "" : " " + d.path())
          .append(") ")
          .append(d.message())
          .append('\n');
    }
    return out.toString();
  }
}
