package dev.weft.translate;

import dev.weft.translate.RouteTableInputs.Rule;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of the routes of several VirtualServices that a gateway takes together: a route for any
 * request comes after all others, whoever wrote it first. Istio:
 * pilot/pkg/networking/core/route/route.go SortVHostRoutes, IsCatchAllRoute.
 */
final class RouteOrder {
  private final List<Rule> narrow = new ArrayList<>();
  private final List<Rule> catchAll = new ArrayList<>();

  /** Adds those of the next VirtualService: what comes after one for any request is never used. */
  void add(List<Rule> rules) {
    for (Rule rule : rules) {
      if (takesAny(rule)) {
        catchAll.add(rule);
        return;
      }
      narrow.add(rule);
    }
  }

  List<Rule> rules() {
    List<Rule> all = new ArrayList<>(narrow);
    all.addAll(catchAll);
    return all;
  }

  private static boolean takesAny(Rule rule) {
    return switch (rule) {
      case Rule.Plain plain -> true;
      case Rule.Configured configured -> takesAny(configured.rule());
      case Rule.Written written -> {
        RouteMatch match = RouteMatches.of(written.match());
        yield (match.getPrefix().equals("/") || match.getSafeRegex().getRegex().equals(".*"))
            && match.getHeadersCount() == 0
            && match.getQueryParametersCount() == 0
            && match.getDynamicMetadataCount() == 0;
      }
    };
  }
}
