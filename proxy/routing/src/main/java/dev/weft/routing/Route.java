package dev.weft.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a virtual host.
 *
 * @param name as access logs show it; may be empty
 * @param request changes to request headers: the route's, then the virtual host's, then the table's
 * @param response changes to response headers, in the same order
 * @param operation the name of the operation (Envoy's decorator); empty where not set
 * @param policies what filters do differently here; at most one of each kind
 */
public record Route(
    String name,
    RouteMatch match,
    RouteAction action,
    HeaderEdits request,
    HeaderEdits response,
    String operation,
    List<RoutePolicy> policies) {
  public Route {
    policies = List.copyOf(policies);
  }

  /** A bare route. */
  public static Route of(String name, RouteMatch match, RouteAction action) {
    return new Route(name, match, action, HeaderEdits.NONE, HeaderEdits.NONE, "", List.of());
  }

  /** What the filter that reads policies of this kind does differently here, or null. */
  public <P extends RoutePolicy> @Nullable P policy(Class<P> kind) {
    for (int i = 0; i < policies.size(); i++) {
      if (kind.isInstance(policies.get(i))) {
        return kind.cast(policies.get(i));
      }
    }
    return null;
  }
}
