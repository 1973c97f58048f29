package dev.weft.server.worker;

/**
 * How many objects of requests that are over all connections of a loop keep together, so that many
 * connections do not hold much that nobody uses. Confined to the loop.
 */
public final class Spares {
  private static final int MAX = 512;

  private int count;

  /** Whether another one may be kept. */
  public boolean add() {
    if (count == MAX) {
      return false;
    }
    count++;
    return true;
  }

  /** So many are used again, or gone with their connection. */
  public void remove(int number) {
    count -= number;
  }
}
