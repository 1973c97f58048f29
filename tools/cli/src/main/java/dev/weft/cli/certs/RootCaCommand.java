package dev.weft.cli.certs;

import dev.weft.ca.OperatorCa;
import dev.weft.ca.SigningIdentity;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft certs root-ca}. */
@Command(
    name = "root-ca",
    description = {
      "Creates the root that the clusters of a mesh share: root-cert.pem and root-key.pem.",
      "An existing root is kept. Keep its key off the clusters."
    })
final class RootCaCommand implements Callable<Integer> {
  @Mixin private final CaOptions options = new CaOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "" + CaOptions.ROOT_DAYS,
      description = "How long it is valid (default: ${DEFAULT-VALUE})")
  private int days = CaOptions.ROOT_DAYS;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Instant now = Instant.now();
    CaFolder folder = options.folder();
    Optional<SigningIdentity> there = folder.root(now);
    SigningIdentity root =
        there.orElseGet(
            () -> folder.makeRoot(new OperatorCa(now, new SecureRandom()), options.root(days)));
    out.println(
        folder.rootCertificate()
            + (there.isPresent() ? " exists already and is kept" : " made")
            + ", valid until "
            + root.certificate().getNotAfter().toInstant());
    out.flush();
    return 0;
  }
}
