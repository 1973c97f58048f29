package dev.weft.cli.cluster;

import picocli.CommandLine.Command;

/** {@code weft cluster network}. */
@Command(
    name = "network",
    description = "Logical networks: who reaches whom directly, and who through a proxy.",
    subcommands = NetworkSetCommand.class)
final class NetworkCommand {}
