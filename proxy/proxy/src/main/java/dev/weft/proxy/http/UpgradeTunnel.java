package dev.weft.proxy.http;

import dev.weft.routing.RouteAction;
import io.netty.buffer.ByteBuf;
import java.util.Locale;

/**
 * What happens after 101: bytes pass as they are, and either side may end before the other.
 * Confined to its exchange.
 */
final class UpgradeTunnel {
  private final Exchange exchange;
  private boolean wanted;
  private boolean clientEnded;
  private boolean serverEnded;

  UpgradeTunnel(Exchange exchange) {
    this.exchange = exchange;
  }

  void reset() {
    wanted = false;
    clientEnded = false;
    serverEnded = false;
  }

  /** Looks whether the request asks for an upgrade that the listener or the route allows. */
  void look(RouteAction.Forward route) {
    CharSequence asked = exchange.head.upgrade() ? exchange.view.header("upgrade") : null;
    if (asked == null) {
      wanted = false;
      return;
    }
    String name = asked.toString().toLowerCase(Locale.ROOT);
    wanted = exchange.plan.pipeline.upgrades().contains(name) || route.upgrades().contains(name);
  }

  /** Whether the endpoint is asked for an upgrade. */
  boolean wanted() {
    return wanted;
  }

  /** Whether more of the client's bytes can be taken now. */
  boolean writable() {
    UpstreamLeg to = exchange.upstream();
    return to == null || to.closed() || to.writable();
  }

  /** Bytes of the client. Takes ownership. */
  void toUpstream(ByteBuf part) {
    UpstreamLeg to = exchange.upstream();
    if (to == null) {
      part.release();
      return;
    }
    exchange.log.tunnelled(part.readableBytes(), 0);
    exchange.request.write(part, false, to);
  }

  /** Bytes of the server. Takes ownership. */
  void toDownstream(ByteBuf part) {
    exchange.log.tunnelled(0, part.readableBytes());
    exchange.responseBody(part, false);
  }

  /** The server sends no more. */
  void serverEnds() {
    exchange.flushDownstream();
    UpstreamLeg from = exchange.upstream();
    if (!exchange.tunnelling() || from == null) {
      return;
    }
    serverEnded = true;
    if (clientEnded) {
      exchange.tunnelEnded(from);
    } else {
      exchange.downstream.endOutput();
    }
  }

  /** The client sends no more. */
  void clientEnds() {
    exchange.flushUpstream();
    UpstreamLeg to = exchange.upstream();
    if (to == null) {
      return;
    }
    clientEnded = true;
    if (serverEnded) {
      exchange.tunnelEnded(to);
    } else {
      to.endOutput();
    }
  }
}
