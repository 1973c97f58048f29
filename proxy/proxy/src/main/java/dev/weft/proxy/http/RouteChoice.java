package dev.weft.proxy.http;

import dev.weft.proxy.demand.Awaiting;
import dev.weft.proxy.loop.ClusterState;
import dev.weft.proxy.loop.ResponseFlag;
import dev.weft.proxy.loop.Worker;
import dev.weft.routing.ClusterChoice;
import dev.weft.routing.HeaderEdits;
import dev.weft.routing.Route;
import dev.weft.routing.RouteAction;
import dev.weft.routing.RouteTable;
import dev.weft.routing.VirtualHost;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * The route that a request takes and what it says: an answer at once, a delay, or a cluster.
 * Confined to its exchange.
 */
final class RouteChoice {
  private final Exchange exchange;
  private @Nullable Route route;
  private @Nullable VirtualHost virtualHost;
  private HeaderEdits weightedRequest = HeaderEdits.NONE;
  private HeaderEdits weightedResponse = HeaderEdits.NONE;
  private @Nullable ScheduledFuture<?> delayTimer;
  private @Nullable Awaiting waiting;

  RouteChoice(Exchange exchange) {
    this.exchange = exchange;
  }

  void reset() {
    route = null;
    virtualHost = null;
    weightedRequest = HeaderEdits.NONE;
    weightedResponse = HeaderEdits.NONE;
  }

  @Nullable Route route() {
    return route;
  }

  @Nullable VirtualHost virtualHost() {
    return virtualHost;
  }

  /** Changes of the request's head that belong to the cluster that was picked by weight. */
  HeaderEdits weightedRequest() {
    return weightedRequest;
  }

  /** Changes of the response's head that belong to the cluster that was picked by weight. */
  HeaderEdits weightedResponse() {
    return weightedResponse;
  }

  /** Finds the route, which may have to be asked for, and does what it says. */
  void follow() {
    HeadView view = exchange.view;
    RouteTable table = exchange.worker.config().routesOf(exchange.plan.pipeline);
    waiting = OnDemandHosts.await(exchange.worker, table, view, this::follow);
    if (waiting != null) {
      return;
    }
    VirtualHost host = table == null ? null : table.virtualHost(view);
    Route found = table == null || host == null ? null : table.match(host, view);
    if (host == null || found == null) {
      exchange.reply(misdirected() ? 421 : 404, ResponseFlag.NR.bit(), "route_not_found", "");
      return;
    }
    virtualHost = host;
    route = found;
    if (host.requireTls() && !exchange.connection.tls()) {
      redirect(301, "https://" + view.authority() + view.path());
      return;
    }
    RouteFilters.Verdict verdict = RouteFilters.judge(exchange, found);
    switch (verdict) {
      case RouteFilters.Verdict.Continue go -> act(found);
      case RouteFilters.Verdict.Answer answer -> answer(answer);
      case RouteFilters.Verdict.Delay delay -> {
        exchange.log.flag(ResponseFlag.DI);
        delayTimer =
            exchange.worker.schedule(
                () -> {
                  if (delay.then() instanceof RouteFilters.Verdict.Answer answer) {
                    answer(answer);
                  } else {
                    act(found);
                  }
                },
                delay.nanos());
      }
    }
  }

  /**
   * Whether the request came over a connection that was opened for another host: browsers share
   * connections of HTTP/2 between hosts that one certificate is good for, and open another one when
   * they are told so (RFC 9110, 15.5.20; RFC 9113, 9.1.1).
   */
  private boolean misdirected() {
    if (!exchange.head.isHttp2() || !exchange.plan.pipeline.forwarded().useRemoteAddress()) {
      return false;
    }
    String opened = exchange.connection.serverName();
    String asked = exchange.view.authority().toString();
    boolean same =
        asked.regionMatches(true, 0, opened, 0, opened.length())
            && (asked.length() == opened.length() || asked.charAt(opened.length()) == ':');
    return !opened.isEmpty() && !same;
  }

  private void answer(RouteFilters.Verdict.Answer answer) {
    exchange.reply(
        answer.status(), answer.flags(), answer.details(), answer.body(), answer.headers());
  }

  private void act(Route found) {
    switch (found.action()) {
      case RouteAction.DirectResponse direct ->
          exchange.reply(direct.status(), 0, "direct_response", direct.body());
      case RouteAction.Redirect redirect ->
          redirect(redirect.status(), redirect.location(exchange.view));
      case RouteAction.Forward to -> forward(to);
    }
  }

  private void redirect(int status, String location) {
    exchange.reply(status, 0, "direct_response", "", List.of("location: " + location));
  }

  private void forward(RouteAction.Forward to) {
    String name = choose(to.clusters());
    ClusterState state = exchange.worker.cluster(name);
    exchange.log.clusterName(name);
    if (state == null) {
      exchange.reply(503, ResponseFlag.NC.bit(), "cluster_not_found", "");
      return;
    }
    exchange.forward(state, to);
  }

  private String choose(ClusterChoice choice) {
    return switch (choice) {
      case ClusterChoice.Single single -> single.cluster();
      case ClusterChoice.Weighted weighted -> {
        if (weighted.total() <= 0) {
          yield "";
        }
        ClusterChoice.WeightedCluster picked =
            weighted.pick(exchange.worker.random().nextLong() >>> 1);
        weightedRequest = picked.request();
        weightedResponse = picked.response();
        yield picked.cluster();
      }
      case ClusterChoice.ByHeader byHeader -> {
        String named = exchange.head.value(byHeader.header());
        yield named == null ? "" : named;
      }
    };
  }

  /** The request is over. */
  void cancel() {
    if (waiting != null) {
      waiting.cancel();
      waiting = null;
    }
    Worker.cancel(delayTimer);
    delayTimer = null;
  }
}
