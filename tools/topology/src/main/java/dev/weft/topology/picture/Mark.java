package dev.weft.topology.picture;

/** What is special about a card. */
public enum Mark {
  /** A VirtualService routes what it is called by. */
  ROUTING("routing"),
  /** A DestinationRule limits connections or ejects endpoints. */
  BREAKER("breaker"),
  /** Pods without a proxy. */
  NO_SIDECAR("noSidecar"),
  /** What is known of it is old: its cluster does not answer. */
  STALE("stale"),
  /** Something that was written about it does not do what it says. */
  FINDING("finding");

  private final String word;

  Mark(String word) {
    this.word = word;
  }

  /** As the console's API writes it. */
  @Override
  public String toString() {
    return word;
  }
}
