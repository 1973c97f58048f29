package dev.weft.routing;

import java.util.List;

/**
 * By what limits of rates tell the requests of a route apart.
 *
 * @param route the route's own rules
 * @param host those of its virtual host
 * @param both true: those of the virtual host hold in any case
 */
public record RateLimitRules(List<RateLimitRule> route, List<RateLimitRule> host, boolean both)
    implements RoutePolicy {
  public RateLimitRules {
    route = List.copyOf(route);
    host = List.copyOf(host);
  }
}
