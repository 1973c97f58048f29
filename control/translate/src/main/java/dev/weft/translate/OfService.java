package dev.weft.translate;

import dev.weft.xds.VersionedResource;
import java.util.List;

/** What there is of one service alone. */
record OfService(List<VersionedResource> clusters, List<VersionedResource> assignments) {
  OfService {
    clusters = List.copyOf(clusters);
    assignments = List.copyOf(assignments);
  }
}
