package dev.weft.routing;

/** A share of requests, in parts per million. */
public record Fraction(int partsPerMillion) {
  public static final Fraction ALL = new Fraction(1_000_000);
  public static final Fraction NONE = new Fraction(0);

  public Fraction {
    if (partsPerMillion < 0 || partsPerMillion > 1_000_000) {
      throw new IllegalArgumentException(
          "a fraction of " + partsPerMillion + " parts per million is not in 0-1000000");
    }
  }

  /**
   * Whether this request is in the share.
   *
   * @param random any number, evenly distributed
   */
  public boolean selects(long random) {
    return Long.remainderUnsigned(random, 1_000_000) < partsPerMillion;
  }
}
