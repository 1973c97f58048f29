package dev.weft.cli.install;

import picocli.CommandLine.Command;

/** {@code weft manifest}. */
@Command(
    name = "manifest",
    description = "What an installation is made of.",
    mixinStandardHelpOptions = true,
    subcommands = {ManifestGenerateCommand.class})
public final class ManifestCommand {}
