package dev.weft.cli.cluster;

import picocli.CommandLine.Command;

/** {@code weft cluster}. */
@Command(
    name = "cluster",
    description = "The clusters of the mesh, their logical networks and cross-cluster proxies.",
    subcommands = {ClusterListCommand.class, NetworkCommand.class})
public final class ClusterCommand {}
