package dev.weft.exchange;

/**
 * A step between the codec and the endpoints. Without state: one serves all requests of its
 * pipeline on a loop. What it sees of a request is in the question, what it wants in its answer.
 */
public interface Filter {
  /** What becomes of a request whose head is complete. */
  Step head(Asked request);

  /** Whether it looks at the route, so that there has to be one before it is asked. */
  default boolean readsRoute() {
    return false;
  }
}
