package dev.weft.routing;

import org.jspecify.annotations.Nullable;

/**
 * One rule of a virtual host.
 *
 * @param name as access logs show it; may be empty
 * @param request changes to request headers: the route's, then the virtual host's, then the table's
 * @param response changes to response headers, in the same order
 * @param operation the name of the operation (Envoy's decorator); empty where not set
 */
public record Route(
    String name,
    RouteMatch match,
    RouteAction action,
    HeaderEdits request,
    HeaderEdits response,
    String operation,
    @Nullable FaultPolicy fault,
    @Nullable CorsPolicy cors) {

  /** A bare route. */
  public static Route of(String name, RouteMatch match, RouteAction action) {
    return new Route(name, match, action, HeaderEdits.NONE, HeaderEdits.NONE, "", null, null);
  }
}
