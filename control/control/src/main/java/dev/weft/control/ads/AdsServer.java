package dev.weft.control.ads;

import dev.weft.ca.Caller;
import dev.weft.config.Diagnostic;
import dev.weft.loop.Clock;
import dev.weft.snapshot.MeshSnapshot;
import dev.weft.snapshot.SnapshotDelta;
import dev.weft.snapshot.SnapshotListener;
import dev.weft.translate.ProxyNode;
import dev.weft.translate.Translation;
import dev.weft.types.SpiffeId;
import dev.weft.xds.Holding;
import dev.weft.xds.ResourceSet;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The discovery server: aggregated xDS, incremental and state of the world, on a TLS port where
 * callers prove who they are, and on a plaintext port where all do that are not of our own pod.
 * Nobody is answered before the first snapshot, so that a control plane that has just started takes
 * nothing away from proxies that reconnect.
 *
 * <p>Thread-safe once started.
 */
public final class AdsServer implements SnapshotListener, AutoCloseable {
  private static final int KEEPALIVE_SECONDS = 30;
  private static final int KEEPALIVE_TIMEOUT_SECONDS = 10;
  private static final int CLIENT_KEEPALIVE_SECONDS = 10;
  private static final int AGE_GRACE_SECONDS = 10;
  private static final int STOP_SECONDS = 2;
  // A client that resumes names the version of everything it holds.
  private static final int MAX_REQUEST_BYTES = 16 << 20;
  // A proxy has three: configuration, certificates, what it counted.
  private static final int MAX_CALLS = 16;

  private final AdsSettings settings;
  private final Security security;
  private final AdsCore core;
  private final AdsService service;
  private final Executor threads;
  private final Transports transports;
  private final List<Server> servers = new ArrayList<>();

  /**
   * How callers of the TLS port are known.
   *
   * @param credentials the server's certificate and what client certificates are verified against;
   *     they may rotate by themselves
   * @param authentication stands before every call, but for those of our own pod on the plaintext
   *     port
   * @param callerOfCall whom it let in; read on the call's thread; empty where it did not stand
   * @param visitorOfCall whom it let in to look, and no more
   * @param alongside other services of the TLS port, such as the certificate service
   */
  public record Security(
      ServerCredentials credentials,
      ServerInterceptor authentication,
      Supplier<Optional<Caller>> callerOfCall,
      Supplier<Optional<SpiffeId>> visitorOfCall,
      List<BindableService> alongside) {
    public Security {
      alongside = List.copyOf(alongside);
    }

    /** One that knows no visitors. */
    public Security(
        ServerCredentials credentials,
        ServerInterceptor authentication,
        Supplier<Optional<Caller>> callerOfCall,
        List<BindableService> alongside) {
      this(credentials, authentication, callerOfCall, Optional::empty, alongside);
    }

    Peer peer() {
      Optional<Caller> caller = callerOfCall.get();
      if (caller.isPresent()) {
        return new Peer.Known(caller.get());
      }
      return visitorOfCall.get().<Peer>map(Peer.Visitor::new).orElseGet(Peer.OwnPod::new);
    }
  }

  /**
   * Whom the server tells, and asks.
   *
   * @param refusals told all findings about what proxies refuse, when they change; must not block
   * @param debug answers what tools ask
   */
  public record Neighbours(Consumer<List<Diagnostic>> refusals, DebugDesk debug) {
    public static final Neighbours NONE = new Neighbours(findings -> {}, DebugDesk.NONE);
  }

  /** A server on its own. */
  public AdsServer(
      AdsSettings settings,
      Security security,
      Translation translation,
      PrometheusRegistry registry,
      Clock clock) {
    this(settings, security, translation, Neighbours.NONE, registry, clock);
  }

  /** For a process of its own, whose heap says how many proxies there is room for. */
  public AdsServer(
      AdsSettings settings,
      Security security,
      Translation translation,
      Neighbours neighbours,
      PrometheusRegistry registry,
      Clock clock) {
    this(
        settings,
        security,
        translation,
        neighbours,
        registry,
        clock,
        SendBudget.usual(clock),
        HeapRoom.ofProcess());
  }

  /**
   * @param full whether there is no room for another proxy
   */
  AdsServer(
      AdsSettings settings,
      Security security,
      Translation translation,
      Neighbours neighbours,
      PrometheusRegistry registry,
      Clock clock,
      SendBudget budget,
      BooleanSupplier full) {
    this.settings = settings;
    this.security = security;
    // Threads end with their calls and streams, so there is nothing to shut down.
    ThreadFactory factory = Thread.ofVirtual().name("xds-", 0).factory();
    this.threads = task -> factory.newThread(task).start();
    this.core =
        new AdsCore(
            settings,
            translation,
            new AdsMetrics(registry),
            new Views(translation, new Semaphore(settings.pushWorkers()), threads, clock),
            budget,
            full,
            new RefusalBoard(neighbours.refusals()),
            neighbours.debug(),
            clock);
    this.transports = new Transports(settings.pushWorkers());
    this.service = new AdsService(core, security::peer, threads);
  }

  /**
   * Listens.
   *
   * @throws IOException where a port cannot be bound, naming it
   */
  public AdsServer start() throws IOException {
    InetSocketAddress plaintext = settings.plaintext();
    if (plaintext != null) {
      start(
          plaintext,
          InsecureServerCredentials.create(),
          new PlaintextDoor(security.authentication()),
          List.of());
    }
    InetSocketAddress tls = settings.tls();
    if (tls != null) {
      start(tls, security.credentials(), security.authentication(), security.alongside());
    }
    return this;
  }

  private void start(
      InetSocketAddress address,
      ServerCredentials credentials,
      ServerInterceptor authentication,
      List<BindableService> alongside)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address, credentials)
            .executor(threads)
            .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(CLIENT_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxConcurrentCallsPerConnection(MAX_CALLS)
            .maxInboundMessageSize(MAX_REQUEST_BYTES);
    transports.serve(builder);
    if (!settings.maxConnectionAge().isZero()) {
      builder
          .maxConnectionAge(settings.maxConnectionAge().toNanos(), TimeUnit.NANOSECONDS)
          .maxConnectionAgeGrace(AGE_GRACE_SECONDS, TimeUnit.SECONDS);
    }
    List<ServerInterceptor> interceptors = List.of(new PeerAddress(), authentication);
    for (BindableService other : alongside) {
      builder.addService(ServerInterceptors.interceptForward(other, interceptors));
    }
    builder.addService(ServerInterceptors.interceptForward(service, interceptors));
    try {
      servers.add(builder.build().start());
    } catch (IOException e) {
      throw new IOException("xDS cannot listen on " + address + ": " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
  }

  /** The ports in use, in the order plaintext, TLS; for port 0 in the settings. */
  public List<Integer> ports() {
    return servers.stream().map(Server::getPort).toList();
  }

  /** Publishes a snapshot: proxies that it concerns are pushed to, the newest snapshot wins. */
  @Override
  public void onSnapshot(MeshSnapshot snapshot, SnapshotDelta delta) {
    boolean first = core.views().latest() == null;
    if (first || !delta.invisibleToProxies()) {
      core.views().publish(snapshot, delta);
    }
    if (first) {
      service.connections().forEach(AdsConnection::wake);
    }
  }

  /** All connected proxies, by name: what {@code /debug/syncz} shows. */
  public List<ProxyStatus> syncz() {
    return service.connections().stream()
        .flatMap(c -> c.status().stream())
        .sorted(
            Comparator.comparing((ProxyStatus s) -> s.cluster().value())
                .thenComparing(ProxyStatus::id)
                .thenComparing(ProxyStatus::connected))
        .toList();
  }

  /** How many proxies are connected, by the id of their cluster. */
  public Map<String, Integer> connected() {
    Map<String, Integer> counts = new TreeMap<>();
    service.connections().stream()
        .flatMap(c -> c.status().stream())
        .forEach(s -> counts.merge(s.cluster().value(), 1, Integer::sum));
    return counts;
  }

  /** All connected proxies and what each asked for. */
  public List<Watching> watching() {
    return service.connections().stream().flatMap(c -> c.watching().stream()).toList();
  }

  /**
   * What a connected proxy should hold: {@code /debug/config_dump?proxyID=}.
   *
   * @param proxyId {@code <pod>.<namespace>}, or that with {@code .<cluster>} behind it where
   *     several clusters have such a pod; or a part of it, as Istio takes it, where no proxy is
   *     called so
   */
  public Optional<ConfigDump> configDump(String proxyId) {
    Published now = core.views().latest();
    if (now == null) {
      return Optional.empty();
    }
    return connection(name -> name.equals(proxyId))
        .or(() -> connection(name -> !proxyId.isEmpty() && name.contains(proxyId)))
        .flatMap(connection -> dump(now, connection));
  }

  private Optional<AdsConnection> connection(Predicate<String> named) {
    return service.connections().stream()
        .filter(
            connection ->
                connection
                    .status()
                    .filter(
                        status ->
                            named.test(status.id())
                                || named.test(status.id() + "." + status.cluster()))
                    .isPresent())
        .findFirst();
  }

  private Optional<ConfigDump> dump(Published now, AdsConnection connection) {
    Optional<ProxyStatus> status = connection.status();
    Optional<ProxyNode> proxy = connection.proxy();
    if (status.isEmpty() || proxy.isEmpty()) {
      return Optional.empty();
    }
    Holding held = connection.holding();
    ResourceSet all = core.translation().resources(now.snapshot(), proxy.get());
    return Optional.of(
        new ConfigDump(
            status.get(),
            // A proxy on demand holds what it asked for and nothing else.
            proxy.get().onDemand() ? all.only(held.subscriptions()::wants) : all,
            held));
  }

  /** Whether there is no room for another proxy. */
  public boolean full() {
    return core.full().getAsBoolean();
  }

  /**
   * Tells proxies to connect anew, to whatever replica they are led to then. They keep what they
   * have in the meantime, and are sent what has changed.
   *
   * @param count how many; which of them is left to chance
   */
  public void sendAway(int count) {
    List<AdsConnection> all = new ArrayList<>(service.connections());
    Collections.shuffle(all);
    for (AdsConnection connection : all.subList(0, Math.min(count, all.size()))) {
      transports.goAway(connection.peer());
      connection.end(Status.UNAVAILABLE.withDescription("another replica has more room"));
      core.metrics().sentAway();
    }
  }

  /** Ends all streams; proxies keep what they have and connect again. */
  @Override
  public void close() {
    service
        .connections()
        .forEach(c -> c.end(Status.UNAVAILABLE.withDescription("the discovery server stops")));
    servers.forEach(Server::shutdown);
    boolean interrupted = false;
    for (Server server : servers) {
      try {
        if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
          server.shutdownNow();
        }
      } catch (InterruptedException e) {
        interrupted = true;
        server.shutdownNow();
      }
    }
    transports.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
