package dev.weft.cli.cluster;

import picocli.CommandLine.Command;

/** {@code weft cluster network}. */
@Command(
    name = "network",
    description =
        "Logical networks: which clusters reach each other directly, and which through a proxy.",
    subcommands = NetworkSetCommand.class)
final class NetworkCommand {}
