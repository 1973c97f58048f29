package dev.weft.topology.history;

/** Parts of a whole, in the gaps of sentences. */
public final class Shares {
  private Shares() {}

  /** Between 0 and 1, with three digits at most. */
  public static String text(double share) {
    return String.valueOf(Math.round(share * 1000) / 1000.0);
  }
}
