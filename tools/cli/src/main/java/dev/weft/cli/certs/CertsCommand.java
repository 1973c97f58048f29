package dev.weft.cli.certs;

import picocli.CommandLine.Command;

/** {@code weft certs}. */
@Command(
    name = "certs",
    description =
        "Certificate authorities of the mesh: a shared root, intermediates, what is in use.",
    subcommands = {
      RootCaCommand.class,
      IntermediateCommand.class,
      CertsShowCommand.class,
      RotateCommand.class
    })
public final class CertsCommand {}
