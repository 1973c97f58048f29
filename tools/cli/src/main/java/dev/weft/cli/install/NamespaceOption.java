package dev.weft.cli.install;

import picocli.CommandLine.Option;

/** The namespace of the control plane. */
final class NamespaceOption {
  @Option(
      names = {"-i", "--istioNamespace"},
      paramLabel = "NAME",
      description = "The namespace of the control plane (default: ${DEFAULT-VALUE})",
      defaultValue = "istio-system")
  String namespace = "istio-system";
}
