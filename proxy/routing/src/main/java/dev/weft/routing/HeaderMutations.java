package dev.weft.routing;

import java.util.List;
import java.util.stream.Stream;

/**
 * What becomes of heads, at each place that says something of it.
 *
 * @param levels from the most specific place on
 */
public record HeaderMutations(List<Level> levels) implements RoutePolicy {
  public HeaderMutations {
    levels = List.copyOf(levels);
  }

  /**
   * Changes of one place, one after the other.
   *
   * @param request of the heads of requests
   * @param response of the heads of answers
   */
  public record Level(List<HeaderEdits> request, List<HeaderEdits> response) {
    public static final Level NONE = new Level(List.of(), List.of());

    public Level {
      request = List.copyOf(request);
      response = List.copyOf(response);
    }
  }

  @Override
  public RoutePolicy over(RoutePolicy lessSpecific) {
    return lessSpecific instanceof HeaderMutations inherited
        ? new HeaderMutations(Stream.concat(levels.stream(), inherited.levels.stream()).toList())
        : this;
  }
}
