package dev.weft.proxy;

import dev.weft.demand.Demands;
import dev.weft.dns.DnsProxy;
import dev.weft.dns.ResolvConf;
import dev.weft.identity.IdentitySource;
import dev.weft.identity.RootFile;
import dev.weft.identity.WorkloadCertificates;
import dev.weft.identity.WorkloadIdentity;
import dev.weft.loop.Clock;
import dev.weft.proxy.admin.AdminSite;
import dev.weft.proxy.admin.AgentSite;
import dev.weft.proxy.admin.AppMetrics;
import dev.weft.proxy.admin.AppProbes;
import dev.weft.proxy.admin.LocalHttp;
import dev.weft.proxy.admin.ProxyFacts;
import dev.weft.proxy.stats.ClusterMetrics;
import dev.weft.proxy.stats.Exposition;
import dev.weft.proxy.stats.ProcessMetrics;
import dev.weft.proxy.stats.ProxyMetrics;
import dev.weft.proxy.stats.ServerMetrics;
import dev.weft.proxy.warm.WarmUp;
import dev.weft.proxy.xds.Asker;
import dev.weft.proxy.xds.ConfigJournal;
import dev.weft.proxy.xds.ConfigSession;
import dev.weft.proxy.xds.ControlPlaneDialer;
import dev.weft.proxy.xds.Credentials;
import dev.weft.proxy.xds.GrpcAuthority;
import dev.weft.proxy.xds.GrpcTarget;
import dev.weft.proxy.xds.NodeMessage;
import dev.weft.proxy.xds.PeerMetadata;
import dev.weft.proxy.xds.ProxyEnvironment;
import dev.weft.proxy.xds.ServerTrust;
import dev.weft.proxy.xds.TrafficSession;
import dev.weft.runtime.Rejection;
import dev.weft.runtime.RuntimeConfig;
import dev.weft.server.ProxyServer;
import dev.weft.server.ProxyStatistics;
import dev.weft.server.log.FileLogSink;
import dev.weft.server.tls.WorkloadSecrets;
import dev.weft.server.worker.OriginalDestination;
import dev.weft.server.worker.ProxySettings;
import dev.weft.types.SpiffeId;
import dev.weft.types.TrustDomain;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One proxy, wired by hand: identity, control plane session, data path, local ports. */
final class ProxyProcess implements AutoCloseable, ProxyFacts {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyProcess.class);
  private static final int REBIND_SECONDS = 2;
  private static final String ANY = "0.0.0.0";
  private static final String LOOPBACK = "127.0.0.1";

  private final ProxyEnvironment environment;
  private final Clock clock = Clock.system();
  private final MultiThreadIoEventLoopGroup control;
  private final MultiThreadIoEventLoopGroup local;
  private final FileLogSink logs = FileLogSink.start();
  private final WorkloadCertificates certificates;
  private final ProxyMetrics metrics;
  private final Demands demands;
  private final ProxyServer server;
  private final ConfigJournal journal;
  private final ConfigSession session;
  private final TrafficSession traffic;
  private final WarmUp warmUp;
  private final List<LocalHttp> sites = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicBoolean stopping = new AtomicBoolean();
  private @Nullable DnsProxy dns;
  private volatile boolean applied;

  private ProxyProcess(
      ProxyOptions options, ProxyEnvironment environment, Map<String, String> variables) {
    this.environment = environment;
    // Two loops for everything that is not traffic: one may be busy compiling, while names and
    // probes must be answered by the other.
    this.control = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    this.local = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    EventLoop loop = (EventLoop) control.next();
    ServerTrust trust = new ServerTrust(environment.rootFile());
    Credentials credentials = new Credentials(environment.tokenFile(), environment.clusterId());
    this.certificates = certificates(loop, trust, credentials, variables);
    int wanted = options.concurrency() > 0 ? options.concurrency() : environment.concurrency();
    int loops = wanted > 0 ? wanted : Runtime.getRuntime().availableProcessors();
    String ownMetadata = PeerMetadata.of(environment);
    this.metrics = new ProxyMetrics(ownMetadata, this::principal);
    this.demands = environment.onDemand() ? Demands.asking() : Demands.none();
    this.server =
        ProxyServer.start(
            ProxySettings.ofLoops(loops)
                .withPeerMetadata(environment.nodeId(), ownMetadata)
                .withSpans(environment.spanMaker()),
            certificates,
            new WorkloadSecrets(certificates, clock),
            metrics,
            logs,
            clock,
            OriginalDestination.kernel(),
            demands);
    this.journal = new ConfigJournal(environment.stateDirectory());
    GrpcTarget controlPlane = GrpcTarget.of(environment.discovery(), environment.serverName());
    byte[] node = NodeMessage.of(environment);
    this.traffic =
        new TrafficSession(
            loop,
            new ControlPlaneDialer(
                loop, ControlPlaneDialer.METRICS, controlPlane, certificates, trust, credentials),
            node,
            metrics,
            new SplittableRandom());
    this.session =
        new ConfigSession(
            loop,
            new ControlPlaneDialer(
                loop,
                ControlPlaneDialer.CONFIGURATION,
                controlPlane,
                certificates,
                trust,
                credentials),
            node,
            journal,
            new Asker(demands, environment.dnsCapture(), environment.domain()),
            new SplittableRandom(),
            this::apply);
    this.warmUp = WarmUp.start(certificates, clock);
  }

  private WorkloadCertificates certificates(
      EventLoop loop, ServerTrust trust, Credentials credentials, Map<String, String> variables) {
    GrpcAuthority authority =
        new GrpcAuthority(
            loop,
            GrpcTarget.of(environment.caAddress(), environment.serverName()),
            trust,
            credentials,
            this::identity);
    SpiffeId id =
        new SpiffeId(
            new TrustDomain(environment.trustDomain()),
            environment.namespace(),
            environment.serviceAccount());
    boolean rsa = "RSA".equalsIgnoreCase(variables.getOrDefault("WEFT_KEY_ALGORITHM", ""));
    return new WorkloadCertificates(
        loop,
        authority,
        new RootFile(environment.rootFile()),
        id.uri(),
        rsa ? WorkloadCertificates.KeyKind.RSA_2048 : WorkloadCertificates.KeyKind.EC_P256,
        environment.certificateLife(),
        clock,
        new SplittableRandom());
  }

  /**
   * Starts everything.
   *
   * @throws IllegalArgumentException naming what is wrong with the environment
   */
  static ProxyProcess start(ProxyOptions options, Map<String, String> variables) {
    Logging.start(options.logLevel());
    ProxyEnvironment environment =
        ProxyEnvironment.read(options.role(), options.domain(), variables);
    ProxyProcess process = new ProxyProcess(options, environment, variables);
    process.listen(ProxyPorts.of(variables), variables);
    process.certificates.start();
    process.session.start();
    process.traffic.start();
    LOG.info("Started {} for {}", environment.nodeId(), environment.discovery());
    return process;
  }

  private void listen(ProxyPorts ports, Map<String, String> variables) {
    if (environment.dnsCapture()) {
      ResolvConf resolver = ResolvConf.read(Path.of("/etc/resolv.conf"));
      dns =
          DnsProxy.listen(
              (EventLoop) local.next(),
              new InetSocketAddress(LOOPBACK, ports.dns()),
              environment.domain(),
              resolver.search(),
              resolver.nameservers().stream().map(n -> new InetSocketAddress(n, 53)).toList(),
              demands,
              new SplittableRandom());
    }
    AppProbes probes =
        new AppProbes(variables.getOrDefault("ISTIO_KUBE_APP_PROBERS", ""), environment.ip());
    AppMetrics application =
        new AppMetrics(
            variables.getOrDefault("ISTIO_PROMETHEUS_ANNOTATIONS", ""), environment.ip());
    AgentSite own = new AgentSite(this, probes, AppMetrics.NONE);
    AgentSite agent = new AgentSite(this, probes, application);
    sites.add(LocalHttp.listen(local, LOOPBACK, ports.admin(), new AdminSite(this)));
    sites.add(LocalHttp.listen(local, ANY, ports.agent(), agent));
    sites.add(LocalHttp.listen(local, ANY, ports.readiness(), own));
    sites.add(LocalHttp.listen(local, ANY, ports.stats(), own));
  }

  private void apply(RuntimeConfig config) {
    server.apply(config);
    DnsProxy names = dns;
    if (names != null) {
      names.names(config.nameTable());
    }
    applied = true;
    Map<String, String> failures = server.statistics().bindFailures();
    if (!failures.isEmpty() && !stopping.get()) {
      LOG.warn("Not bound, next try in {} s: {}", REBIND_SECONDS, failures);
      // Whoever holds the address may let it go; a later configuration makes this try needless.
      control
          .next()
          .schedule(
              () -> {
                if (server.config() == config && !stopping.get()) {
                  apply(config);
                }
              },
              REBIND_SECONDS,
              TimeUnit.SECONDS);
    }
  }

  /** Waits until somebody asks the process to end. */
  void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What SIGTERM does: lets connections end for as long as the pod's settings say, then stops. */
  void shutDown() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    Duration most = environment.terminationDrain();
    LOG.info("Draining for {}", most);
    server.drain(most, false);
    try {
      TimeUnit.MILLISECONDS.sleep(most.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  @Override
  public void close() {
    sites.forEach(LocalHttp::close);
    traffic.close();
    session.close();
    certificates.close();
    server.close();
    logs.close();
    DnsProxy names = dns;
    if (names != null) {
      names.close();
    }
    local.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    control.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @Override
  public ProxyEnvironment environment() {
    return environment;
  }

  @Override
  public RuntimeConfig config() {
    return server.config();
  }

  @Override
  public ProxyStatistics statistics() {
    return server.statistics();
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public IdentitySource identity() {
    return certificates;
  }

  @Override
  public List<Rejection> rejections() {
    return session.rejections();
  }

  @Override
  public List<ConfigJournal.Entry> resources() {
    return journal.read();
  }

  @Override
  public String missing() {
    if (stopping.get()) {
      return "the proxy is shutting down";
    }
    if (certificates.current() == null) {
      return "no certificate yet: " + certificates.lastError();
    }
    if (!session.ready() || !applied) {
      return "no configuration yet: " + session.lastError();
    }
    Map<String, String> failures = server.statistics().bindFailures();
    if (!failures.isEmpty()) {
      return "listeners not bound: " + failures;
    }
    return warmUp.over() ? "" : "warming up";
  }

  @Override
  public String controlPlane() {
    return session.connected() ? "connected" : "not connected: " + session.lastError();
  }

  @Override
  public String metrics() {
    Exposition out = new Exposition();
    metrics.write(out);
    ProxyStatistics statistics = server.statistics();
    ClusterMetrics.write(out, statistics, server.config());
    ServerMetrics.write(
        out,
        statistics,
        server.config(),
        missing().isEmpty(),
        session.connected(),
        session.rejections().size());
    WorkloadIdentity identity = certificates.current();
    if (identity != null) {
      out.gauge(
          "weft_certificate_expiration_timestamp_seconds",
          "When the workload certificate expires, since 1970.",
          identity.notAfter().getEpochSecond());
    }
    if (demands.on()) {
      ServerMetrics.writeDemands(out, demands);
    }
    DnsProxy names = dns;
    if (names != null) {
      out.counter(
          "istio_agent_dns_requests_total",
          "DNS requests of applications.",
          names.counters().requests());
      out.counter(
          "istio_agent_dns_upstream_requests_total",
          "DNS requests that were passed on to the resolver.",
          names.counters().upstreamRequests());
      out.counter(
          "istio_agent_dns_upstream_failures_total",
          "DNS requests that the resolver did not answer.",
          names.counters().upstreamFailures());
    }
    ProcessMetrics.write(out);
    return out.toString();
  }

  private String principal() {
    WorkloadIdentity identity = certificates.current();
    return identity == null ? "" : identity.uri();
  }

  @Override
  public void drain(boolean stopAccepting) {
    server.drain(environment.terminationDrain(), stopAccepting);
  }

  @Override
  public void renewCertificate() {
    certificates.renew();
  }

  @Override
  public void quit() {
    end.countDown();
  }
}
