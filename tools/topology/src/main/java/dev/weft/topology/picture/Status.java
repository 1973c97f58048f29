package dev.weft.topology.picture;

/** How something fares, the better first. Source: Kiali's health, with its default tolerances. */
public enum Status {
  /** Nothing flows. */
  IDLE("idle"),
  OK("ok"),
  /** No pods are there. */
  NOT_READY("notReady"),
  DEGRADED("degraded"),
  FAILURE("failure");

  private final String word;

  Status(String word) {
    this.word = word;
  }

  Status worse(Status other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** As the console's API writes it. */
  @Override
  public String toString() {
    return word;
  }
}
