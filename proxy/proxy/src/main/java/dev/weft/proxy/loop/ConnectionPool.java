package dev.weft.proxy.loop;

import dev.weft.runtime.UpstreamTransport;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Idle connections to one endpoint over one transport; last in, first out. One loop's. */
public final class ConnectionPool {
  private final UpstreamEndpoint endpoint;
  private final UpstreamTransport transport;
  private final ArrayDeque<Pooled> idle = new ArrayDeque<>(4);

  ConnectionPool(UpstreamEndpoint endpoint, UpstreamTransport transport) {
    this.endpoint = endpoint;
    this.transport = transport;
  }

  public UpstreamEndpoint endpoint() {
    return endpoint;
  }

  public UpstreamTransport transport() {
    return transport;
  }

  /** A usable idle connection, or null. */
  public @Nullable Pooled take() {
    Pooled pooled = idle.pollLast();
    while (pooled != null && !pooled.usable()) {
      pooled.closeIdle();
      pooled = idle.pollLast();
    }
    return pooled;
  }

  /** Takes a connection back, or closes it where the endpoint is gone. */
  public void put(Pooled pooled) {
    if (endpoint.gone()) {
      pooled.closeIdle();
    } else {
      idle.addLast(pooled);
    }
  }

  /** Forgets a connection that closed by itself. */
  public void forget(Pooled pooled) {
    idle.remove(pooled);
  }

  public int idle() {
    return idle.size();
  }

  void sweep(long idleBefore) {
    Pooled oldest = idle.peekFirst();
    while (oldest != null && oldest.idleSince() - idleBefore < 0) {
      idle.pollFirst();
      oldest.closeIdle();
      oldest = idle.peekFirst();
    }
  }

  /** Closes those that are older than connections may become. */
  void dropExpired() {
    for (Pooled pooled : List.copyOf(idle)) {
      if (!pooled.usable()) {
        idle.remove(pooled);
        pooled.closeIdle();
      }
    }
  }

  void closeIdle() {
    Pooled pooled = idle.pollFirst();
    while (pooled != null) {
      pooled.closeIdle();
      pooled = idle.pollFirst();
    }
  }
}
