package dev.weft.routing;

import java.util.List;
import java.util.Map;

/** Which transport an endpoint gets, by its metadata. */
public final class TransportChoice {
  private TransportChoice() {}

  /**
   * The first criteria that are all in the endpoint's metadata; empty criteria match everything.
   *
   * @return the index into the list, or -1 where the cluster's default applies
   */
  public static int pick(List<Map<String, String>> criteria, Endpoint endpoint) {
    for (int i = 0; i < criteria.size(); i++) {
      if (endpoint.transportMatch().entrySet().containsAll(criteria.get(i).entrySet())) {
        return i;
      }
    }
    return -1;
  }
}
