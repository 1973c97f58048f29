package dev.weft.server.worker;

import dev.weft.demand.Demands;
import dev.weft.identity.IdentitySource;
import dev.weft.identity.WorkloadIdentity;
import dev.weft.loop.Clock;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.log.LogSink;
import dev.weft.server.tls.TlsContexts;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the loops of one workload share: identity, logs, clock, and the totals that limits are
 * compared with. Nothing here belongs to the process.
 */
public final class Workload {
  private final ProxySettings settings;
  private final TlsContexts tls;
  private final LogSink logSink;
  private final RequestObserver.Factory observers;
  private final Clock clock;
  private final IdentitySource identity;
  private final OriginalDestination originalDestination;
  private final Demands demands;
  private final RateLimits rateLimits;
  private final Coders coders;
  private final ClusterTotals totals = new ClusterTotals();
  private final AtomicLong connectionIds = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();

  /** A workload with everything that it needs from outside. */
  public Workload(
      ProxySettings settings,
      IdentitySource identity,
      TlsContexts tls,
      LogSink logSink,
      RequestObserver.Factory observers,
      Clock clock,
      OriginalDestination originalDestination,
      Demands demands) {
    this.settings = settings;
    this.identity = identity;
    this.tls = tls;
    this.logSink = logSink;
    this.observers = observers;
    this.clock = clock;
    this.originalDestination = originalDestination;
    this.demands = demands;
    this.rateLimits = new RateLimits(clock);
    this.coders = new Coders(settings.peers().coders());
  }

  public ProxySettings settings() {
    return settings;
  }

  public TlsContexts tls() {
    return tls;
  }

  /** The workload's own SPIFFE id; empty where it has none yet. */
  public String localUri() {
    WorkloadIdentity current = identity.current();
    return current == null ? "" : current.uri();
  }

  public LogSink logSink() {
    return logSink;
  }

  public Clock clock() {
    return clock;
  }

  public OriginalDestination originalDestination() {
    return originalDestination;
  }

  /** What the traffic needs that the configuration does not have. */
  public Demands demands() {
    return demands;
  }

  /** The tokens of limits of rates, for all loops together. */
  public RateLimits rateLimits() {
    return rateLimits;
  }

  /** Where coders of content find a place, for all loops together. */
  public Coders coders() {
    return coders;
  }

  /** Active requests and connections by cluster, over all loops. */
  public ClusterTotals totals() {
    return totals;
  }

  /** Client connections that are open now. */
  public int connections() {
    return connections.get();
  }

  /** Another configuration is in force. */
  public void applied(RuntimeConfig config) {
    observers.applied(config);
    rateLimits.keep(config);
  }

  RequestObserver observer(int loop) {
    return observers.forLoop(loop);
  }

  /** Counts a connection in. */
  void enter() {
    connections.incrementAndGet();
  }

  /** Counts a connection out. */
  void leave() {
    connections.decrementAndGet();
  }

  public long nextConnectionId() {
    return connectionIds.incrementAndGet();
  }
}
