package dev.weft.server;

import dev.weft.demand.Demands;
import dev.weft.exchange.DownstreamConnection;
import dev.weft.identity.IdentitySource;
import dev.weft.loop.Clock;
import dev.weft.runtime.FilterChain;
import dev.weft.runtime.Listener;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.log.LogSink;
import dev.weft.server.tls.TlsContexts;
import dev.weft.server.tls.TlsSecrets;
import dev.weft.server.tls.WorkloadSecrets;
import dev.weft.server.worker.Drainable;
import dev.weft.server.worker.OriginalDestination;
import dev.weft.server.worker.ProxySettings;
import dev.weft.server.worker.RequestObserver;
import dev.weft.server.worker.Worker;
import dev.weft.server.worker.Workload;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The data path of one workload: event loops, listening sockets, and the configuration they serve
 * by. Safe for all threads but the loops themselves, which must not call it.
 */
public final class ProxyServer implements AutoCloseable {
  /** For spans that wait when everything ends. */
  private static final Duration LAST_SPANS = Duration.ofSeconds(1);

  private static final long CHECK_MILLIS = 20;

  private final TlsSecrets secrets;
  private final Workload workload;
  private final MultiThreadIoEventLoopGroup group;
  private final List<Worker> workers;
  private final ListenerSockets sockets;
  private RuntimeConfig config = RuntimeConfig.EMPTY;
  private boolean accepting = true;
  private boolean closed;

  private ProxyServer(TlsSecrets secrets, Workload workload) {
    this.secrets = secrets;
    this.workload = workload;
    this.group =
        new MultiThreadIoEventLoopGroup(workload.settings().loops(), SteadyEpoll.newFactory());
    List<Worker> made = new ArrayList<>();
    int index = 0;
    for (EventExecutor executor : group) {
      made.add(new Worker(workload, index++, (EventLoop) executor));
    }
    this.workers = List.copyOf(made);
    this.sockets = new ListenerSockets(workers);
  }

  /** Starts loops that listen nowhere yet, with the workload's own secrets alone. */
  public static ProxyServer start(
      ProxySettings settings,
      IdentitySource identity,
      RequestObserver.Factory observers,
      LogSink logs,
      Clock clock) {
    return start(
        settings,
        identity,
        new WorkloadSecrets(identity, clock),
        observers,
        logs,
        clock,
        OriginalDestination.kernel(),
        Demands.none());
  }

  /**
   * Starts loops that listen nowhere yet.
   *
   * @param secrets keys and roots by the names that the configuration uses
   * @param originalDestination tells where redirected connections wanted to go
   * @param demands where traffic asks for what the configuration lacks
   */
  public static ProxyServer start(
      ProxySettings settings,
      IdentitySource identity,
      TlsSecrets secrets,
      RequestObserver.Factory observers,
      LogSink logs,
      Clock clock,
      OriginalDestination originalDestination,
      Demands demands) {
    TlsContexts tls = new TlsContexts(secrets, clock);
    return new ProxyServer(
        secrets,
        new Workload(
            settings, identity, tls, logs, observers, clock, originalDestination, demands));
  }

  /**
   * Serves by this configuration from now on. Requests under way go on by the one that they began
   * with; connections whose listener or filter chain is gone are drained. Returns when all loops
   * have it and all sockets are open; addresses that cannot be bound are told by {@link
   * #statistics()} and tried again with the next call.
   */
  public synchronized void apply(RuntimeConfig next) {
    if (closed) {
      return;
    }
    secrets.handedOut(next.secrets());
    List<Future<?>> swapping = new ArrayList<>();
    for (Worker worker : workers) {
      swapping.add(worker.loop().submit(() -> swap(worker, next)));
    }
    swapping.forEach(Future::awaitUninterruptibly);
    config = next;
    workload.applied(next);
    if (accepting) {
      sockets.apply(next.listeners());
    }
  }

  private static void swap(Worker worker, RuntimeConfig next) {
    worker.apply(next);
    Map<FilterChain, Boolean> kept = new IdentityHashMap<>();
    List<Drainable> dropped = new ArrayList<>();
    for (Drainable drainable : worker.connections()) {
      DownstreamConnection connection = drainable.connection();
      Listener now = next.listeners().get(connection.listener().name());
      if (now == connection.listener()) {
        continue;
      }
      FilterChain chain = connection.chain();
      if (now != null && chain != null && kept.computeIfAbsent(chain, c -> has(now, c))) {
        connection.handedTo(now);
      } else {
        dropped.add(drainable);
      }
    }
    dropped.forEach(Drainable::drain);
    if (!dropped.isEmpty()) {
      Future<?> unused =
          worker
              .loop()
              .schedule(
                  () -> dropped.forEach(d -> closeIfOpen(worker, d)),
                  worker.settings().drainTime().toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }

  private static boolean has(Listener listener, FilterChain chain) {
    return chain.equals(listener.defaultChain()) || listener.chains().chains().contains(chain);
  }

  private static void closeIfOpen(Worker worker, Drainable drainable) {
    if (worker.connections().contains(drainable)) {
      drainable.closeNow();
    }
  }

  /**
   * Lets connections end: idle ones at once, others with their request; answers say {@code
   * Connection: close}. What is left when the time is up is closed.
   *
   * @param stopAccepting whether new connections are refused meanwhile
   */
  public synchronized Drain drain(Duration most, boolean stopAccepting) {
    if (stopAccepting) {
      accepting = false;
      sockets.closeAll();
    }
    CompletableFuture<Void> finished = new CompletableFuture<>();
    AtomicInteger left = new AtomicInteger(workers.size());
    long deadline = workload.clock().nanos() + most.toNanos();
    for (Worker worker : workers) {
      worker
          .loop()
          .execute(
              () -> {
                worker.startDraining();
                List.copyOf(worker.connections()).forEach(Drainable::drain);
                awaitIdle(worker, deadline, left, finished);
              });
    }
    return new Drain(finished);
  }

  private static void awaitIdle(
      Worker worker, long deadline, AtomicInteger left, CompletableFuture<Void> finished) {
    boolean late = worker.nanos() - deadline >= 0;
    if (late) {
      List.copyOf(worker.connections()).forEach(Drainable::closeNow);
      worker.closeAccepted();
    }
    if (late || worker.connections().isEmpty()) {
      worker.logs().flush();
      if (left.decrementAndGet() == 0) {
        finished.complete(null);
      }
      return;
    }
    Future<?> unused =
        worker
            .loop()
            .schedule(
                () -> awaitIdle(worker, deadline, left, finished),
                CHECK_MILLIS,
                TimeUnit.MILLISECONDS);
  }

  /** What the proxy does right now. */
  public synchronized ProxyStatistics statistics() {
    Map<String, dev.weft.server.worker.ClusterTotals.Total> clusters = new java.util.TreeMap<>();
    for (String name : config.clusters().keySet()) {
      clusters.put(name, workload.totals().of(name));
    }
    return new ProxyStatistics(
        config.generation(),
        workload.connections(),
        sockets.size(),
        sockets.failures(),
        clusters,
        workers.stream().mapToLong(Worker::held).sum(),
        workload.logSink().dropped(),
        workers.stream().mapToLong(worker -> worker.spans().sent()).sum(),
        workers.stream().mapToLong(worker -> worker.spans().dropped()).sum());
  }

  /** The configuration in force. */
  public synchronized RuntimeConfig config() {
    return config;
  }

  /** Idle upstream connections of a cluster over all loops. */
  public int idleConnections(String cluster) {
    int idle = 0;
    for (Worker worker : workers) {
      Future<Integer> counting = worker.loop().submit(() -> worker.idleConnections(cluster));
      Integer found = counting.awaitUninterruptibly().getNow();
      idle += found == null ? 0 : found;
    }
    return idle;
  }

  /**
   * Closes everything at once. Spans that wait are sent, for which collectors have {@link
   * #LAST_SPANS}; log lines are handed to the sink, which stays open.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    sockets.closeAll();
    List<CompletableFuture<Void>> reported = new ArrayList<>();
    for (Worker worker : workers) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      reported.add(done);
      worker
          .loop()
          .execute(
              () -> {
                List.copyOf(worker.connections()).forEach(Drainable::closeNow);
                worker.closeAccepted();
                // After what closing leads to: requests that break off have spans, too.
                worker.loop().execute(() -> worker.spans().end(() -> done.complete(null)));
              });
    }
    CompletableFuture.allOf(reported.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, LAST_SPANS.toMillis(), TimeUnit.MILLISECONDS)
        .join();
    for (Worker worker : workers) {
      worker.loop().submit(worker::close).awaitUninterruptibly();
    }
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Nullable Worker worker(int index) {
    return index < workers.size() ? workers.get(index) : null;
  }
}
