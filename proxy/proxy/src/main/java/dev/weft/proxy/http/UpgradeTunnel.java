package dev.weft.proxy.http;

import dev.weft.proxy.loop.HalfClose;
import dev.weft.routing.RouteAction;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What happens after 101: either side may end before the other. Confined to its exchange. */
final class UpgradeTunnel {
  private final Exchange exchange;
  private boolean clientEnded;
  private boolean serverEnded;

  UpgradeTunnel(Exchange exchange) {
    this.exchange = exchange;
  }

  void reset() {
    clientEnded = false;
    serverEnded = false;
  }

  /** Whether the request asks for an upgrade that the listener or the route allows. */
  boolean wanted(RouteAction.Forward route) {
    CharSequence asked = exchange.head.upgrade() ? exchange.view.header("upgrade") : null;
    if (asked == null) {
      return false;
    }
    String name = asked.toString().toLowerCase(Locale.ROOT);
    return exchange.plan.pipeline.upgrades().contains(name) || route.upgrades().contains(name);
  }

  /** The server sends no more; whether the tunnel is over. */
  boolean serverEnded() {
    serverEnded = true;
    if (!clientEnded) {
      HalfClose.output(exchange.downstream.context().channel());
    }
    return clientEnded;
  }

  /** The client sends no more; whether the tunnel is over. */
  boolean clientEnded(@Nullable UpstreamHttp to) {
    clientEnded = true;
    if (!serverEnded && to != null) {
      HalfClose.output(to.channel());
    }
    return serverEnded;
  }
}
