package dev.weft.snapshot;

import dev.weft.config.ConfigSet;
import java.util.Map;
import java.util.SortedSet;

/** The host names by which gateways between networks are known. */
public final class GatewayHosts {
  private GatewayHosts() {}

  /** Those that have to be resolved before there is a snapshot that names them, in order. */
  public static SortedSet<String> of(ConfigSet config) {
    return Gateways.find(config, Networks.of(config), Map.of()).hostNames();
  }
}
