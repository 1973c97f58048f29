package dev.weft.cli.reach;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** kubectl's {@code -n}: where a name that says no namespace is looked for. */
public final class NamespaceOption {
  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description =
          "The namespace of names without one (default: that of the context, else default)")
  private @Nullable String namespace;

  /** The namespace given, else {@code default}: for those that ask no cluster. */
  public String orDefault() {
    return namespace == null ? Kubeconfig.DEFAULT_NAMESPACE : namespace;
  }

  /** The namespace given, else that of the context that is meant. */
  public String value(ClusterAccess access, LabHere lab) {
    if (namespace != null) {
      return namespace;
    }
    Kubeconfig config = access.kubeconfig(lab.kubeconfig());
    return access
        .context()
        .or(config::currentContext)
        .map(config::namespace)
        .orElse(Kubeconfig.DEFAULT_NAMESPACE);
  }
}
