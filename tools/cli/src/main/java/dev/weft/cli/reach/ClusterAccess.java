package dev.weft.cli.reach;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where API servers are: a kubeconfig and its contexts, with kubectl's options and defaults. */
public final class ClusterAccess {
  /** The context that holds the Istio objects of a hosted mesh. */
  public static final String MESH_CONTEXT = "mesh";

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Default: $KUBECONFIG, else that of the running lab, else ~/.kube/config")
  @Nullable Path kubeconfig;

  @Option(
      names = {"--context"},
      paramLabel = "NAME",
      description = "The cluster that is meant (default: the current context)")
  @Nullable String context;

  /** A client of the cluster that {@code --context} names. The caller closes it. */
  public KubernetesClient client(Supplier<Optional<Path>> labKubeconfig) {
    return client(context, labKubeconfig);
  }

  /** A client of the mesh's config API. The caller closes it. */
  public KubernetesClient mesh(Supplier<Optional<Path>> labKubeconfig) {
    return client(MESH_CONTEXT, labKubeconfig);
  }

  /** The context that {@code --context} names, or empty. */
  public Optional<String> context() {
    return Optional.ofNullable(context);
  }

  private KubernetesClient client(@Nullable String wanted, Supplier<Optional<Path>> labKubeconfig) {
    Path file = file(labKubeconfig);
    if (!Files.isReadable(file)) {
      throw CommandFailure.unreachable(
          "cannot read the kubeconfig "
              + file
              + ": give --kubeconfig, or start a lab (weft lab up)");
    }
    Config config;
    try {
      config = Config.fromKubeconfig(wanted, file.toFile());
    } catch (RuntimeException e) {
      throw new CommandFailure(
          CommandFailure.Kind.FAILED,
          "the kubeconfig " + file + " cannot be used: " + e.getMessage(),
          e);
    }
    if (wanted != null
        && (config.getCurrentContext() == null
            || !wanted.equals(config.getCurrentContext().getName()))) {
      List<String> names = config.getContexts().stream().map(c -> c.getName()).sorted().toList();
      throw CommandFailure.failed(
          "no context '" + wanted + "' in " + file + "; it has " + String.join(", ", names));
    }
    config.setConnectionTimeout(5_000);
    config.setRequestTimeout(15_000);
    config.setRequestRetryBackoffLimit(1);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private Path file(Supplier<Optional<Path>> labKubeconfig) {
    if (kubeconfig != null) {
      return kubeconfig;
    }
    String environment = System.getenv("KUBECONFIG");
    if (environment != null && !environment.isBlank()) {
      return Path.of(environment.split(":", -1)[0]);
    }
    try {
      return labKubeconfig
          .get()
          .orElse(Path.of(System.getProperty("user.home"), ".kube", "config"));
    } catch (UncheckedIOException e) {
      throw CommandFailure.unreachable(String.valueOf(e.getMessage()));
    }
  }
}
