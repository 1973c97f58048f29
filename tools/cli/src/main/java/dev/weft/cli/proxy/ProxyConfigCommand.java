package dev.weft.cli.proxy;

import picocli.CommandLine.Command;

/** {@code weft proxy-config}. */
@Command(
    name = "proxy-config",
    aliases = "pc",
    description = "What a proxy has been told, read from the proxy itself.",
    subcommands = {
      ListenersCommand.class,
      RoutesCommand.class,
      ClustersCommand.class,
      EndpointsCommand.class,
      SecretsCommand.class
    })
public final class ProxyConfigCommand {}
