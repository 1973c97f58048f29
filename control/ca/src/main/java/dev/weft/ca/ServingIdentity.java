package dev.weft.ca;

import java.util.function.Consumer;

/**
 * The certificate that the control plane serves with, over all of its rotations. {@link ServingTls}
 * turns it into TLS for a server that need not know about rotation at all.
 */
public interface ServingIdentity {
  /** The newest one. */
  CertifiedKey current();

  /** Tells of every later one, on the rotating thread. Closing ends it. */
  Subscription onRotation(Consumer<CertifiedKey> listener);

  /** A registered listener. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
