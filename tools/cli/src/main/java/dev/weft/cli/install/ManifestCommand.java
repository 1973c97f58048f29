package dev.weft.cli.install;

import picocli.CommandLine.Command;

/** {@code weft manifest}. */
@Command(
    name = "manifest",
    description = "The objects of an installation.",
    mixinStandardHelpOptions = true,
    subcommands = {ManifestGenerateCommand.class})
public final class ManifestCommand {}
