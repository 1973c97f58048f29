package dev.weft.control.ads;

import dev.weft.ca.Caller;
import dev.weft.translate.ProxyNode;
import dev.weft.types.SpiffeId;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is at the other end of a stream, what it says of itself, and whether it may. Confined to its
 * connection, but for {@link #node} and what is fixed.
 */
final class Introduction {
  private static final Logger LOG = LoggerFactory.getLogger(Introduction.class);

  private final AdsCore core;
  private final Peer peer;
  private final String address;
  private volatile @Nullable ProxyNode node;
  private final long deadline;
  private boolean asks;
  private boolean podKnown;
  private long podDeadline;

  Introduction(AdsCore core, Peer peer, String address) {
    this.core = core;
    this.peer = peer;
    this.address = address;
    this.deadline = core.clock().nanos() + core.settings().introduction().toNanos();
  }

  /** Null until it has said who it is. */
  @Nullable ProxyNode node() {
    return node;
  }

  /** {@code <pod>.<namespace>}; its address before it has said who it is. */
  String name() {
    ProxyNode proxy = node;
    return proxy == null ? address : proxy.pod() + "." + proxy.namespace();
  }

  /** As it was proven. */
  String identity() {
    return peer.proven().map(SpiffeId::uri).orElse("unauthenticated");
  }

  /**
   * What a first request says.
   *
   * @return why it is refused; empty where it is not
   */
  Optional<Status> read(Node description) {
    ProxyNode parsed;
    try {
      parsed = ProxyNode.parse(description);
    } catch (IllegalArgumentException e) {
      LOG.warn("xDS stream from {} refused: {}", address, e.getMessage());
      return Optional.of(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
    }
    node = parsed;
    podDeadline = core.clock().nanos() + core.settings().podWait().toNanos();
    return Optional.empty();
  }

  /**
   * Whether it may be the proxy that it says it is, as far as that can be told by now.
   *
   * @return why not; empty where it may
   */
  Optional<Status> refusal(ProxyNode proxy) {
    Published now = core.views().latest();
    if (now == null) {
      return Optional.empty();
    }
    boolean there =
        now.snapshot().workload(proxy.cluster(), proxy.namespace(), proxy.pod()).isPresent();
    // Once said and once seen: what a pod runs as does not change.
    if (podKnown && there) {
      return Optional.empty();
    }
    podKnown = there;
    Optional<String> denial =
        switch (peer) {
          case Peer.OwnPod own -> Optional.empty();
          case Peer.Known(Caller caller) -> IdentityCheck.denial(caller, proxy, now.snapshot());
          case Peer.Visitor visitor ->
              Optional.of(
                  "the header 'clusterid' is missing: without it the caller may look, and is no"
                      + " proxy of a member cluster");
        };
    denial.ifPresent(
        why -> {
          core.metrics().denied();
          LOG.warn("xDS stream of {} from {} denied: {}", name(), address, why);
        });
    return denial.map(Status.PERMISSION_DENIED::withDescription);
  }

  /** Whether its pod has been seen in its cluster. */
  boolean podKnown() {
    return podKnown;
  }

  /** Whether it is worth waiting for its pod to be seen. */
  boolean waitsForPod() {
    return node != null
        && !podKnown
        && core.views().latest() != null
        && core.clock().nanos() < podDeadline;
  }

  /** It has asked what tools ask, for which nobody has to be a proxy. */
  void asks() {
    asks = true;
  }

  private boolean silent() {
    return node == null && !asks;
  }

  /** Whether it has said nothing for too long. */
  boolean overdue() {
    return silent() && core.clock().nanos() - deadline >= 0;
  }

  /** Until there is something to look at again; {@link Long#MAX_VALUE} for never. */
  long nanosToWait() {
    if (silent()) {
      return deadline - core.clock().nanos();
    }
    return waitsForPod() ? podDeadline - core.clock().nanos() : Long.MAX_VALUE;
  }
}
