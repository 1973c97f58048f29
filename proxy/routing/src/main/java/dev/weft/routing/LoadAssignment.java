package dev.weft.routing;

import dev.weft.types.Locality;
import java.util.List;

/**
 * The endpoints of a cluster.
 *
 * @param overprovisioning in percent: how much of a priority's load its healthy endpoints can take;
 *     Envoy's default is 140
 */
public record LoadAssignment(String name, List<Group> groups, int overprovisioning) {
  public static final int DEFAULT_OVERPROVISIONING = 140;

  public LoadAssignment {
    groups = List.copyOf(groups);
  }

  /** Endpoints of one locality and priority. */
  public record Group(Locality locality, int priority, int weight, List<Endpoint> endpoints) {
    public Group {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** An assignment without endpoints. */
  public static LoadAssignment empty(String name) {
    return new LoadAssignment(name, List.of(), DEFAULT_OVERPROVISIONING);
  }

  /** How many endpoints there are in all. */
  public int size() {
    int size = 0;
    for (Group group : groups) {
      size += group.endpoints().size();
    }
    return size;
  }
}
