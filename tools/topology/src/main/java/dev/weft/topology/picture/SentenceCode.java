package dev.weft.topology.picture;

import java.util.Locale;

/**
 * What the sentences of a picture say, the most important first among those as severe. In the gaps,
 * a share is between 0 and 1, and a moment is an instant, empty where nobody saw it.
 */
public enum SentenceCode {
  /** {@code message}, {@code source}: the source of traffic does not answer, or not wholly. */
  SOURCE_FAILED,
  /**
   * {@code service}, {@code clusters}, {@code callers}: a service that is called has no ready
   * endpoint in any cluster.
   */
  NO_ENDPOINTS,
  /**
   * {@code rule}, {@code subset}, {@code labels}, {@code found}, {@code service}, {@code
   * endpoints}: the subset of a DestinationRule selects none of the endpoints; what their labels of
   * the same keys are.
   */
  EMPTY_SUBSET,
  /**
   * {@code source}, {@code target}, {@code service}, {@code share}, {@code flags}, {@code reason},
   * {@code code}: more than a twentieth of an edge's requests fail; most of them with those flags,
   * whose meaning is the reason ({@link ResponseFlag}).
   */
  FAILING,
  /** {@code cluster}, {@code state}, {@code message}. */
  CLUSTER_STATE,
  /** {@code cluster}: traffic names it, and no registration does. */
  UNREGISTERED_CLUSTER,
  /**
   * {@code caller}, {@code namespace}, {@code cluster}, {@code service}, {@code share}, {@code to},
   * {@code since}, {@code ready}, {@code total}: all of a caller's requests for a service go into
   * other clusters; its own has that many ready endpoints of all that it has.
   */
  ALL_LEFT,
  /** As {@link #ALL_LEFT}, of a part of the requests. */
  PART_LEFT,
  /** {@code seconds}: nothing flowed in the window. */
  QUIET;

  /** As the console's API writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
