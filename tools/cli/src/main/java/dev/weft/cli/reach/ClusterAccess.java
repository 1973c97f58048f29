package dev.weft.cli.reach;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where API servers are: a kubeconfig and its contexts, with kubectl's options and defaults. */
public final class ClusterAccess {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Default: $KUBECONFIG (several files are merged as kubectl does), else that of the"
              + " running lab, else ~/.kube/config")
  @Nullable Path kubeconfig;

  @Option(
      names = {"--context"},
      paramLabel = "NAME",
      description = "The cluster (default: the current context)")
  @Nullable String context;

  private String lastServer = "";

  /** A client of the cluster that {@code --context} names. The caller closes it. */
  public KubernetesClient client(Supplier<Optional<Path>> labKubeconfig) {
    Kubeconfig config = kubeconfig(labKubeconfig);
    return client(config, config.context(context()));
  }

  /** A client of one context. The caller closes it. */
  public KubernetesClient client(Kubeconfig config, String name) {
    lastServer = config.server(name).orElse("");
    return new KubernetesClientBuilder().withConfig(config.config(name)).build();
  }

  /** The context that {@code --context} names, or empty. */
  public Optional<String> context() {
    return Optional.ofNullable(context).filter(name -> !name.isEmpty());
  }

  /** The API server that was asked last, for messages; empty where none was. */
  public String lastServer() {
    return lastServer;
  }

  /** The configuration in force. */
  public Kubeconfig kubeconfig(Supplier<Optional<Path>> labKubeconfig) {
    if (kubeconfig != null) {
      if (!Files.isReadable(kubeconfig)) {
        throw CommandFailure.unreachable("cannot read the kubeconfig " + kubeconfig);
      }
      return Kubeconfig.read(List.of(kubeconfig));
    }
    String environment = System.getenv("KUBECONFIG");
    if (environment != null && !environment.isBlank()) {
      return Kubeconfig.read(files(environment));
    }
    try {
      return Kubeconfig.read(
          List.of(
              labKubeconfig
                  .get()
                  .orElse(Path.of(System.getProperty("user.home"), ".kube", "config"))));
    } catch (UncheckedIOException e) {
      throw CommandFailure.unreachable(String.valueOf(e.getMessage()));
    }
  }

  static List<Path> files(String list) {
    return Arrays.stream(list.split(File.pathSeparator, -1))
        .filter(name -> !name.isBlank())
        .map(Path::of)
        .toList();
  }
}
