package dev.weft.server.http;

import dev.weft.demand.Awaiting;
import dev.weft.exchange.HeadView;
import dev.weft.routing.Route;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import org.jspecify.annotations.Nullable;

/** The route that a request takes, found when it is asked for first. Confined to its exchange. */
final class RouteChoice {
  private final Received in;
  private boolean found;
  private @Nullable Route route;
  private @Nullable VirtualHost virtualHost;
  private @Nullable Awaiting waiting;

  RouteChoice(Received in) {
    this.in = in;
  }

  /** The request is another one, or is seen anew: it may take another route. */
  void forget() {
    found = false;
    route = null;
    virtualHost = null;
  }

  @Nullable Route route() {
    return route;
  }

  @Nullable VirtualHost virtualHost() {
    return virtualHost;
  }

  /**
   * Finds the route, which may have to be asked for.
   *
   * @param again asks once more, when there is more to be known
   * @return whether it is known by now which route the request takes, if any
   */
  boolean find(Runnable again) {
    if (found) {
      return true;
    }
    HeadView view = in.view();
    RouteTable table = in.worker().config().routesOf(in.plan().pipeline);
    waiting = OnDemandHosts.await(in.worker(), table, view, again);
    if (waiting != null) {
      return false;
    }
    found = true;
    virtualHost = table == null ? null : table.virtualHost(view);
    route = table == null || virtualHost == null ? null : table.match(virtualHost, view);
    return true;
  }

  /** Nobody wants to know any more. */
  void cancel() {
    if (waiting != null) {
      waiting.cancel();
      waiting = null;
    }
  }
}
