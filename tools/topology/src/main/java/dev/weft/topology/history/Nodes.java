package dev.weft.topology.history;

import dev.weft.topology.Place;

/** How cards of a picture are named. */
final class Nodes {
  private Nodes() {}

  static String id(Place place) {
    return place.cluster() + "/" + place.namespace() + "/" + place.workload();
  }
}
