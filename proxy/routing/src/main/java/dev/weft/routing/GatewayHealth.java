package dev.weft.routing;

import dev.weft.types.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which gateways of other networks take connections, judged by the connections that are opened to
 * them for all endpoints behind them together: outlier detection alone would learn of a dead
 * gateway endpoint by endpoint. A gateway that has refused several in a row is out; when its time
 * is over it is tried by a connection without a request, and comes back or stays out twice as long.
 * Times are those of a monotonic clock, in nanoseconds. Confined to one event loop.
 */
public final class GatewayHealth {
  static final int REFUSALS = 3;
  static final Duration FIRST = Duration.ofSeconds(2);
  static final Duration MAX = Duration.ofSeconds(30);

  /** After that many failed tries a gateway is forgotten: perhaps nobody is told of it any more. */
  static final int TRIES = 20;

  private final Map<HostPort, State> gateways = new HashMap<>();
  private int version;

  private static final class State {
    private int refusals;
    private boolean out;
    private boolean probed;
    private int tries;
    private long until;
    private Duration time = FIRST;
  }

  /** A connection was opened. */
  public void connected(HostPort gateway) {
    State state = gateways.remove(gateway);
    if (state != null && state.out) {
      version++;
    }
  }

  /** A connection was refused or not answered in time. */
  public void failed(HostPort gateway, long now) {
    State state = gateways.computeIfAbsent(gateway, g -> new State());
    state.refusals++;
    if (state.out) {
      if (state.probed) {
        state.probed = false;
        state.tries++;
        if (state.tries >= TRIES) {
          gateways.remove(gateway);
          version++;
          return;
        }
        Duration twice = state.time.multipliedBy(2);
        state.time = twice.compareTo(MAX) > 0 ? MAX : twice;
        state.until = now + state.time.toNanos();
      }
    } else if (state.refusals >= REFUSALS) {
      state.out = true;
      state.until = now + state.time.toNanos();
      version++;
    }
  }

  /** Whether the gateway is passed over. */
  public boolean isOut(HostPort gateway) {
    State state = gateways.get(gateway);
    return state != null && state.out;
  }

  /** The gateways that are to be tried now; each once, until it is known how that ended. */
  public List<HostPort> due(long now) {
    List<HostPort> due = new ArrayList<>();
    gateways.forEach(
        (gateway, state) -> {
          if (state.out && !state.probed && now - state.until >= 0) {
            state.probed = true;
            due.add(gateway);
          }
        });
    return due;
  }

  /** Changes when a gateway goes out or comes back. */
  public int version() {
    return version;
  }
}
