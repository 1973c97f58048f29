package dev.weft.server.worker;

import dev.weft.runtime.UpstreamTransport;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Idle connections to one endpoint over one transport; last in, first out. One loop's. */
public final class ConnectionPool {
  private final UpstreamEndpoint endpoint;
  private final UpstreamTransport transport;
  private final ArrayDeque<Pooled> idle = new ArrayDeque<>(4);
  private @Nullable Multiplexed multiplexed;

  /** Connections that carry several requests at once. */
  public interface Multiplexed {
    /** Closes those that have had no request for long, or are too old. */
    void sweep(long idleBefore);

    /** Takes no further requests on any of them, and closes each when its last request is over. */
    void leave();

    /** How many are without a request. */
    int idle();
  }

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

  /** The connections of this pool that carry several requests at once. */
  @SuppressWarnings("unchecked")
  public <M extends Multiplexed> M multiplexed(Function<ConnectionPool, M> make) {
    Multiplexed known = multiplexed;
    if (known == null) {
      known = make.apply(this);
      multiplexed = known;
    }
    return (M) known;
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
    return idle.size() + (multiplexed == null ? 0 : multiplexed.idle());
  }

  void sweep(long idleBefore) {
    Pooled oldest = idle.peekFirst();
    while (oldest != null && oldest.idleSince() - idleBefore < 0) {
      idle.pollFirst();
      oldest.closeIdle();
      oldest = idle.peekFirst();
    }
    if (multiplexed != null) {
      multiplexed.sweep(idleBefore);
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
    if (multiplexed != null) {
      multiplexed.leave();
    }
  }
}
