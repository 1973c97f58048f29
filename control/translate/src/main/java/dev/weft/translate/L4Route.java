package dev.weft.translate;

import dev.weft.translate.OutboundListenerInputs.Target;
import java.util.List;

/**
 * Which connections of a port go where.
 *
 * @param serverNames that clients name in TLS; empty for any, and without TLS
 * @param subnets of the destination, each an address or {@code address/length}; empty for any
 * @param targets at least one
 * @param bySource whether all connections of a client go to one endpoint
 */
public record L4Route(
    List<String> serverNames, List<String> subnets, List<Target> targets, boolean bySource) {
  public L4Route {
    serverNames = List.copyOf(serverNames);
    subnets = List.copyOf(subnets);
    targets = List.copyOf(targets);
  }

  /** For every connection. */
  static L4Route any(List<Target> targets, boolean bySource) {
    return new L4Route(List.of(), List.of(), targets, bySource);
  }

  /** The same, where what is meant for a service goes to one of its pods alone. */
  L4Route aimed(CalledPod pod) {
    return new L4Route(
        serverNames,
        subnets,
        targets.stream().map(t -> new Target(pod.instead(t.cluster()), t.weight())).toList(),
        bySource);
  }
}
