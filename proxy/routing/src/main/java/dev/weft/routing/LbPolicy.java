package dev.weft.routing;

/** How an endpoint is picked. */
public sealed interface LbPolicy {
  /** One after the other, by weight. */
  record RoundRobin() implements LbPolicy {}

  /** The less busy of {@code choices} random ones, by weight. */
  record LeastRequest(int choices) implements LbPolicy {}

  /** Any, by weight. */
  record Random() implements LbPolicy {}

  /** By a hash of the request on a ring. */
  record RingHash(long minimumSize) implements LbPolicy {}

  /** By a hash of the request in a Maglev table. */
  record Maglev(long tableSize) implements LbPolicy {}

  /** The cluster itself decides: the original destination. */
  record ClusterProvided() implements LbPolicy {}
}
