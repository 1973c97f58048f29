package dev.weft.routing;

/** Smooth weighted round robin (as nginx does it). */
final class Smooth {
  private Smooth() {}

  /**
   * The next index. Entries of weight zero are never chosen.
   *
   * @param credit changed by the call; begins with zeros
   * @param sum of the weights, more than zero
   */
  static int next(long[] weights, long[] credit, long sum) {
    int best = -1;
    for (int i = 0; i < weights.length; i++) {
      credit[i] += weights[i];
      if (weights[i] > 0 && (best < 0 || credit[i] > credit[best])) {
        best = i;
      }
    }
    credit[best] -= sum;
    return best;
  }
}
