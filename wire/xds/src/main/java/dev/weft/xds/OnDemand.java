package dev.weft.xds;

import java.time.Duration;

/**
 * What both ends know of configuration that a sidecar asks for when traffic needs it: listeners and
 * clusters by name, virtual hosts and DNS names one by one.
 */
public final class OnDemand {
  /** By which a client says that it asks in this way ({@code node.client_features}). */
  public static final String FEATURE = "dev.weft.on-demand";

  /** The metadata by which a pod tells its proxy to: {@code true}. */
  public static final String METADATA = "ON_DEMAND";

  /**
   * The name table of the hosts with a wildcard, which nobody could ask for one by one. No host is
   * called that.
   */
  public static final String WILDCARD_HOSTS = "*.";

  /** How long a connection, request or query waits for what it is the first to need. */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  /** After so long a time without use a name is dropped, and the next use of it is a first one. */
  public static final Duration UNUSED = Duration.ofHours(1);

  private OnDemand() {}
}
