package dev.weft.translate;

import java.util.List;

/** Where the endpoints of a cluster come from. */
public sealed interface EndpointSource {
  /** The control plane tells them. */
  record Told() implements EndpointSource {}

  /**
   * The client has dialled one itself, as those of headless services do.
   *
   * @param mutual where some of those that it may dial speak mutual TLS and others do not: the
   *     former, as {@code address:port}; empty where all are called alike
   */
  record Dialled(List<String> mutual) implements EndpointSource {
    public Dialled {
      mutual = List.copyOf(mutual);
    }
  }

  /**
   * DNS tells their addresses.
   *
   * @param endpoints with their names
   * @param first whether the first address of a name is taken, and not all of them
   */
  record Resolved(LoadAssignmentInputs endpoints, boolean first) implements EndpointSource {}
}
