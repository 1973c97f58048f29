package dev.weft.cli.certs;

import dev.weft.ca.CaStore;
import dev.weft.ca.OperatorCa;
import dev.weft.ca.SigningIdentity;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.types.Names;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft certs intermediate}. */
@Command(
    name = "intermediate",
    description = {
      "Creates a cluster's own CA under the shared root: the four files of the Secret 'cacerts'.",
      "Creates the root too if there is none. Existing files are kept."
    })
final class IntermediateCommand implements Callable<Integer> {
  @Mixin private final CaOptions options = new CaOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--cluster",
      required = true,
      paramLabel = "NAME",
      description = "The cluster; its files go to DIR/NAME")
  private String cluster = "";

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "" + CaOptions.INTERMEDIATE_DAYS,
      description = "How long it is good, at most as long as the root (default: ${DEFAULT-VALUE})")
  private int days = CaOptions.INTERMEDIATE_DAYS;

  @Option(
      names = {"-n", "--namespace", "-i", "--istioNamespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "istio-system",
      description = "Where the control plane runs (default: ${DEFAULT-VALUE})")
  private String namespace = "istio-system";

  @Override
  public Integer call() {
    if (!Names.isLabel(cluster)) {
      throw CommandFailure.failed(
          "--cluster '" + cluster + "' is not a DNS label: lower case letters, digits and '-'");
    }
    PrintWriter out = spec.commandLine().getOut();
    Instant now = Instant.now();
    CaFolder folder = options.folder();
    if (folder.has(cluster)) {
      out.println(folder.of(cluster) + " exists already and is kept");
    } else {
      OperatorCa maker = new OperatorCa(now, new SecureRandom());
      SigningIdentity root =
          folder
              .root(now)
              .orElseGet(() -> folder.makeRoot(maker, options.root(CaOptions.ROOT_DAYS)));
      folder.makeIntermediate(maker, root, cluster, options.intermediate(cluster, days));
      out.println(folder.of(cluster) + " made");
    }
    out.println("Plug it in before the control plane starts there:");
    out.println(secretLine(folder.of(cluster)));
    out.flush();
    return 0;
  }

  private String secretLine(Path directory) {
    return "kubectl --context "
        + cluster
        + " create secret generic "
        + CaStore.PLUGGED
        + " -n "
        + namespace
        + CaFolder.FILES.stream()
            .map(file -> " --from-file=" + directory.resolve(file))
            .collect(Collectors.joining());
  }
}
