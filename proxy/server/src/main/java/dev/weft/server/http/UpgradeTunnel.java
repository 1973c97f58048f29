package dev.weft.server.http;

import dev.weft.routing.RouteAction;
import java.util.Locale;

/**
 * What happens after 101: bytes pass as they are, and either side may end before the other.
 * Confined to its exchange.
 */
final class UpgradeTunnel {
  private boolean clientEnded;
  private boolean serverEnded;

  void reset() {
    clientEnded = false;
    serverEnded = false;
  }

  /** Whether a request asks for an upgrade that the listener or the route allows. */
  static boolean wanted(Received in, RouteAction.Forward route) {
    CharSequence asked = in.head().upgrade() ? in.view().header("upgrade") : null;
    if (asked == null) {
      return false;
    }
    String name = asked.toString().toLowerCase(Locale.ROOT);
    return in.plan().pipeline.upgrades().contains(name) || route.upgrades().contains(name);
  }

  /** The server sends no more; whether that is the end of both. */
  boolean serverEnds() {
    serverEnded = true;
    return clientEnded;
  }

  /** The client sends no more; whether that is the end of both. */
  boolean clientEnds() {
    clientEnded = true;
    return serverEnded;
  }
}
