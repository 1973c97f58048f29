package dev.weft.console;

import dev.weft.snapshot.MeshSnapshot;

/** Says why a pod reaches the endpoints of a service, or does not. Thread-safe. */
@FunctionalInterface
public interface Explains {

  /** A question that names nothing, or too much; the message says the way out. */
  final class UnclearException extends Exception {
    public UnclearException(String message) {
      super(message);
    }
  }

  /** The answer, as a record. Parameters as those of {@code weft explain}; empty for none. */
  Object explain(MeshSnapshot snapshot, Route route) throws UnclearException;

  /** From where to where. */
  record Route(String service, String from, String cluster, String subset) {}
}
