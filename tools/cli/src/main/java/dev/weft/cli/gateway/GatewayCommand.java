package dev.weft.cli.gateway;

import picocli.CommandLine.Command;

/** {@code weft gateway}. */
@Command(
    name = "gateway",
    description = "Gateways that are installed next to a mesh.",
    mixinStandardHelpOptions = true,
    subcommands = {GenerateCommand.class})
public final class GatewayCommand {}
