package dev.weft.control.ads;

import dev.weft.ca.Caller;
import dev.weft.types.SpiffeId;
import java.util.Optional;

/** Who is at the other end of a stream. */
sealed interface Peer {
  /** Our own pod, on the plaintext port: nobody was asked. */
  record OwnPod() implements Peer {}

  /** A workload of a member cluster, or somebody with its token. */
  record Known(Caller caller) implements Peer {}

  /** Somebody whom the config API knows: may look, and is no proxy. */
  record Visitor(SpiffeId identity) implements Peer {}

  /** Whose identity is proven; empty of our own pod. */
  default Optional<SpiffeId> proven() {
    return switch (this) {
      case OwnPod own -> Optional.empty();
      case Known(Caller caller) -> Optional.of(caller.identity());
      case Visitor(SpiffeId identity) -> Optional.of(identity);
    };
  }
}
