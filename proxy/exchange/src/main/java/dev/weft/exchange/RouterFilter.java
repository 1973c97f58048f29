package dev.weft.exchange;

import dev.weft.routing.ClusterChoice;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.RequestView;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.VirtualHost;
import java.util.List;

/** The last filter: what the route says. */
record RouterFilter() implements Filter {
  @Override
  public boolean readsRoute() {
    return true;
  }

  @Override
  public Step head(Asked request) {
    VirtualHost host = request.virtualHost();
    Route route = request.route();
    if (host == null || route == null) {
      return Step.Reply.of(
          misdirected(request) ? 421 : 404, ResponseFlag.NR, "route_not_found", "");
    }
    RequestView view = request.request();
    if (host.requireTls() && !request.overTls()) {
      return redirect(301, "https://" + view.authority() + view.path());
    }
    return switch (route.action()) {
      case RouteAction.DirectResponse direct ->
          Step.Reply.of(direct.status(), "direct_response", direct.body());
      case RouteAction.Redirect redirect -> redirect(redirect.status(), redirect.location(view));
      case RouteAction.Forward to -> forward(to, request);
    };
  }

  /**
   * Whether the request came over a connection that was opened for another host: browsers share
   * connections of HTTP/2 between hosts that one certificate is good for, and open another one when
   * they are told so (RFC 9110, 15.5.20; RFC 9113, 9.1.1).
   */
  private static boolean misdirected(Asked request) {
    if (!request.overHttp2() || !request.atTheEdge()) {
      return false;
    }
    String opened = request.openedFor();
    String asked = request.request().authority().toString();
    boolean same =
        asked.regionMatches(true, 0, opened, 0, opened.length())
            && (asked.length() == opened.length() || asked.charAt(opened.length()) == ':');
    return !opened.isEmpty() && !same;
  }

  private static Step redirect(int status, String location) {
    return new Step.Reply(status, 0, "direct_response", "", List.of("location: " + location));
  }

  private static Step forward(RouteAction.Forward to, Asked request) {
    return switch (to.clusters()) {
      case ClusterChoice.Single single -> plain(to, single.cluster());
      case ClusterChoice.Weighted weighted -> {
        if (weighted.total() <= 0) {
          yield plain(to, "");
        }
        ClusterChoice.WeightedCluster picked = weighted.pick(request.random() >>> 1);
        yield new Step.Forward(to, picked.cluster(), picked.request(), picked.response());
      }
      case ClusterChoice.ByHeader byHeader -> {
        CharSequence named = request.request().header(byHeader.header());
        yield plain(to, named == null ? "" : named.toString());
      }
    };
  }

  private static Step plain(RouteAction.Forward to, String cluster) {
    return new Step.Forward(to, cluster, HeaderEdits.NONE, HeaderEdits.NONE);
  }
}
