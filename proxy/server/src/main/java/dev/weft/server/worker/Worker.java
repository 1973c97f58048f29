package dev.weft.server.worker;

import dev.weft.codec.HeadOverlay;
import dev.weft.exchange.Buckets;
import dev.weft.loop.Clock;
import dev.weft.routing.GatewayHealth;
import dev.weft.routing.RateLimitPolicy;
import dev.weft.runtime.Cluster;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.log.AccessLogs;
import dev.weft.server.trace.SpanBuffer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of a workload and everything that only it touches. Confined to that loop, but for
 * the constructor.
 */
public final class Worker {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
  private static final int SWEEP_MILLIS = 1000;

  private final Workload workload;
  private final int index;
  private final EventLoop loop;
  private final Clock clock;
  private final RequestObserver observer;
  private final AccessLogs logs;
  private final SpanBuffer spans = new SpanBuffer();
  private final Connector connector;
  private final GatewayHealth gateways = new GatewayHealth();
  private final PeerMemory pending;
  private final PeerMemory grownHeads;
  private final HeadBuffers heads;
  private final Spares spareRequests = new Spares();
  private final Spares spareAnswers = new Spares();
  private final Places places;
  private final HeadOverlay overlay = new HeadOverlay();
  private final SplittableRandom random = new SplittableRandom();
  private final Map<String, ClusterState> clusters = new HashMap<>();
  private final Map<Object, Object> plans = new IdentityHashMap<>();
  private RuntimeConfig config = RuntimeConfig.EMPTY;
  private boolean draining;
  private long dateSecond = Long.MIN_VALUE;
  private byte[] dateLine = new byte[0];

  /** A worker on a loop. */
  public Worker(Workload workload, int index, EventLoop loop) {
    this.workload = workload;
    this.index = index;
    this.loop = loop;
    this.clock = workload.clock();
    PeerLimits limits = workload.settings().peers().share(workload.settings().loops());
    this.pending = new PeerMemory(limits.pendingBytes(), loop);
    this.grownHeads = new PeerMemory(limits.headBytes(), loop);
    this.heads = new HeadBuffers(grownHeads);
    this.places = new Places(limits.connections(), pending, clock);
    this.observer = workload.observer(index);
    this.logs = new AccessLogs(loop, workload.logSink());
    this.connector = new Connector(loop, clock, workload.tls(), gateways, pending);
    scheduleSweep();
  }

  private void scheduleSweep() {
    loop.schedule(
        () -> {
          long now = clock.nanos();
          places.advance();
          clusters.values().forEach(c -> c.sweep(now));
          gateways.due(now).forEach(connector::probe);
          if (!loop.isShuttingDown()) {
            scheduleSweep();
          }
        },
        SWEEP_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  public Workload workload() {
    return workload;
  }

  public ProxySettings settings() {
    return workload.settings();
  }

  public int index() {
    return index;
  }

  public EventLoop loop() {
    return loop;
  }

  /** A moment, in nanoseconds since an unknown one; it never goes back. */
  public long nanos() {
    return clock.nanos();
  }

  /** A moment, in milliseconds since 1970. */
  public long millis() {
    return clock.millis();
  }

  /** Runs a task on the loop after a while. */
  public ScheduledFuture<?> schedule(Runnable task, long nanos) {
    return loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /** Cancels a task, if there is one. */
  public static void cancel(@Nullable ScheduledFuture<?> task) {
    if (task != null) {
      boolean unused = task.cancel(false);
    }
  }

  public RequestObserver observer() {
    return observer;
  }

  public AccessLogs logs() {
    return logs;
  }

  /** Spans that wait to be reported. */
  public SpanBuffer spans() {
    return spans;
  }

  public Connector connector() {
    return connector;
  }

  public HeadBuffers heads() {
    return heads;
  }

  /** Clients' sides of HTTP/2 streams that are over. */
  public Spares spareRequests() {
    return spareRequests;
  }

  /** Endpoints' sides of HTTP/2 streams that are over. */
  public Spares spareAnswers() {
    return spareAnswers;
  }

  /** What waits in direct memory until a peer takes it. */
  public PeerMemory pending() {
    return pending;
  }

  /** A connection begins to wait for its client, so that it can be given up for another one. */
  public void waits(Waiting connection) {
    places.waits(connection);
  }

  /** A connection waits no more. */
  public void waitsNoMore(Waiting connection) {
    places.waitsNoMore(connection);
  }

  /** How many bytes are held for peers, in heads and otherwise; safe for all threads. */
  public long held() {
    return pending.total() + grownHeads.total();
  }

  /** A clock of whole seconds, for what is asked with every read. */
  public int tick() {
    return places.tick();
  }

  /** Changes for the head that is written next; reset before each use. */
  public HeadOverlay overlay() {
    return overlay;
  }

  public SplittableRandom random() {
    return random;
  }

  /** The configuration in force for what begins now. */
  public RuntimeConfig config() {
    return config;
  }

  /** Connections that configuration changes and shutdown must know. */
  public Set<Drainable> connections() {
    return places.connections();
  }

  /**
   * Counts a client's channel in, until it closes. Where there are too many, another one makes
   * room; false where none can.
   */
  public boolean accept(Channel channel) {
    if (!places.take(channel)) {
      return false;
    }
    workload.enter();
    channel
        .closeFuture()
        .addListener(
            closed -> {
              places.leave(channel);
              workload.leave();
            });
    return true;
  }

  /** Closes every client's channel, whatever state it is in. */
  public void closeAccepted() {
    places.closeAll();
  }

  /** Whether the proxy shuts down. */
  public boolean draining() {
    return draining;
  }

  /** From now on responses announce that connections close. */
  public void startDraining() {
    draining = true;
  }

  /** Swaps the configuration; clusters that changed drop their idle connections. */
  public void apply(RuntimeConfig next) {
    config = next;
    plans.clear();
    logs.forget();
    clusters
        .values()
        .removeIf(
            state -> {
              Cluster now = next.clusters().get(state.cluster().name());
              if (now != state.cluster() && !state.cluster().equals(now)) {
                state.close();
                return true;
              }
              state.assigned(next.assignments().get(state.cluster().name()));
              return false;
            });
  }

  /** A cluster of the configuration in force, or null (flag {@code NC}). */
  public @Nullable ClusterState cluster(String name) {
    ClusterState state = clusters.get(name);
    if (state == null) {
      Cluster cluster = config.clusters().get(name);
      if (cluster == null) {
        return null;
      }
      state = new ClusterState(cluster, workload.totals(), random, clock, gateways);
      state.assigned(config.assignments().get(name));
      clusters.put(name, state);
    }
    return state;
  }

  /** Something compiled from a part of the configuration, made once per part and configuration. */
  @SuppressWarnings("unchecked")
  public <K, V> V plan(K part, Function<K, V> compile) {
    Object found = plans.get(part);
    if (found == null) {
      found = compile.apply(part);
      plans.put(part, found);
    }
    return (V) found;
  }

  /** The tokens of a limit of rates, which this loop shares with the others. */
  public Buckets buckets(RateLimitPolicy limit) {
    return plan(limit, workload.rateLimits()::of);
  }

  /** Idle upstream connections of a cluster on this loop. */
  public int idleConnections(String cluster) {
    ClusterState state = clusters.get(cluster);
    return state == null ? 0 : state.idle();
  }

  /** {@code date: …} without a line end, right to the second. */
  public byte[] dateLine() {
    Instant now = clock.instant();
    if (now.getEpochSecond() != dateSecond) {
      dateSecond = now.getEpochSecond();
      dateLine = ("date: " + DATE.format(now)).getBytes(StandardCharsets.US_ASCII);
    }
    return dateLine;
  }

  /** Closes all idle upstream connections and hands all log lines over. */
  public void close() {
    clusters.values().forEach(ClusterState::close);
    clusters.clear();
    logs.flush();
  }
}
