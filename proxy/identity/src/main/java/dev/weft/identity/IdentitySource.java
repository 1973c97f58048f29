package dev.weft.identity;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the workload's identity and its changes. */
public interface IdentitySource {
  /** The identity in force, or null while there is none yet. Any thread. */
  @Nullable WorkloadIdentity current();

  /**
   * Calls the listener with the identity in force, if there is one, and with each later one, one
   * call at a time, on a thread of the source; the listener must not block.
   */
  void watch(Consumer<WorkloadIdentity> listener);
}
