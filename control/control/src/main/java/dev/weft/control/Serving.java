package dev.weft.control;

import dev.weft.ca.CaMetrics;
import dev.weft.ca.CallerInterceptor;
import dev.weft.ca.MeshAuthenticator;
import dev.weft.ca.ServingCertificate;
import dev.weft.ca.ServingTls;
import dev.weft.ca.TokenReviewCache;
import dev.weft.ca.UnnamedCluster;
import dev.weft.config.ConfigEvent;
import dev.weft.config.ControlIdentity;
import dev.weft.config.DestinationRule;
import dev.weft.config.MeshSettings;
import dev.weft.config.ProxyConfigSpec;
import dev.weft.control.ads.AdsServer;
import dev.weft.control.ads.AdsSettings;
import dev.weft.control.ads.DebugDesk;
import dev.weft.control.console.KnownCertificates;
import dev.weft.control.ingest.Ingest;
import dev.weft.control.traffic.TrafficService;
import dev.weft.control.traffic.TrafficStore;
import dev.weft.discovery.KubeApi;
import dev.weft.discovery.Leadership;
import dev.weft.discovery.MemberClusters;
import dev.weft.discovery.MeshApi;
import dev.weft.inject.InjectionSettings;
import dev.weft.inject.ProxyConfigs;
import dev.weft.inject.ValidationWebhook;
import dev.weft.loop.Backoff;
import dev.weft.loop.Clock;
import dev.weft.provision.ProvisionSettings;
import dev.weft.provision.kube.KubernetesCaStore;
import dev.weft.provision.kube.KubernetesTokenReviewer;
import dev.weft.provision.kube.ServerVersions;
import dev.weft.snapshot.EmptySubsets;
import dev.weft.translate.Translation;
import dev.weft.types.HostPort;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What proxies and API servers connect to: discovery, certificates and webhooks, wired. All of it
 * needs the mesh's CA, which is kept in the config API, so it begins when the first snapshot is
 * there. Where this replica leads, the clusters are pointed here too. Confined to the thread that
 * builds it, but for {@link #close}.
 */
final class Serving implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
  private static final Duration LOOK = Duration.ofMinutes(1);
  private static final Duration TOKENS_KEPT = Duration.ofSeconds(30);

  private final ControlOptions options;
  private final Ingest ingest;
  private final MeshApi mesh;
  private final Leadership leadership;
  private final Proxies proxies;
  private final TrafficStore traffic;
  private final KnownCertificates certificates;
  private final Complaints complaints;
  private final DebugDesk debug;
  private final PrometheusRegistry registry;
  private final Consumer<String> failed;
  private final Clock clock;
  private final Thread thread;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private volatile boolean ready;
  private volatile ProxyConfigs proxyConfigs = ProxyConfigs.NONE;

  /**
   * @param failed told why this process is of no use
   */
  Serving(
      ControlOptions options,
      Ingest ingest,
      MeshApi mesh,
      Leadership leadership,
      Proxies proxies,
      TrafficStore traffic,
      KnownCertificates certificates,
      Complaints complaints,
      DebugDesk debug,
      PrometheusRegistry registry,
      Clock clock,
      Consumer<String> failed) {
    this.options = options;
    this.ingest = ingest;
    this.mesh = mesh;
    this.leadership = leadership;
    this.proxies = proxies;
    this.traffic = traffic;
    this.certificates = certificates;
    this.complaints = complaints;
    this.debug = debug;
    this.registry = registry;
    this.clock = clock;
    this.failed = failed;
    this.thread = Thread.ofPlatform().name("serving").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Whether proxies and API servers are served. */
  boolean ready() {
    return ready;
  }

  private void run() {
    try {
      while (!ingest.awaitReady(LOOK)) {
        log.info("still waiting for the config API and the member clusters");
      }
      build();
    } catch (InterruptedException e) {
      log.debug("stopped while starting");
    } catch (IOException e) {
      // A port that is taken will not free itself: without it there is no mesh.
      failed.accept("cannot serve: " + e.getMessage());
    } catch (RuntimeException e) {
      log.error("cannot serve", e);
      failed.accept("cannot serve: " + e);
    }
  }

  private void build() throws IOException, InterruptedException {
    MeshSettings settings = ingest.current().settings();
    ControlIdentity control = options.control();
    CaMetrics caMetrics = new CaMetrics();
    expose(caMetrics);
    MeshCa ca =
        closing(
            MeshCa.obtain(
                new KubernetesCaStore(mesh.api(), control.rootNamespace()),
                settings,
                ServingCertificate.hosts(
                    control.service(), control.rootNamespace(), names(options)),
                caMetrics,
                clock));
    ca.start(control.rootNamespace(), ingest);
    certificates.from(
        new KnownCertificates.Sources(ca.authority(), ca.service().issued(), ca.serving()));
    ingest.subscribe(
        (snapshot, delta) -> {
          if (delta.settings()) {
            ca.become(snapshot.settings());
          }
        });
    ServingTls tls = new ServingTls(ca.serving());
    AdsServer ads = discovery(settings, ca, tls, caMetrics);
    ingest.subscribe(ads);
    closing(ads.start());
    proxies.server(ads);

    closing(
        ingest.subscribeConfig(
            config ->
                proxyConfigs =
                    new ProxyConfigs(
                        config.settings().rootNamespace(), config.all(ProxyConfigSpec.class))));
    ServerVersions versions = new ServerVersions(mesh.clusters()::api, mesh.api(), clock);
    WebhookServer webhooks =
        closing(
            new WebhookServer(
                options.bind(),
                options.webhookPort(),
                tls,
                cluster ->
                    InjectionSettings.of(
                        ingest.current().settings(), control, versions.sidecarContainers(cluster)),
                () -> proxyConfigs,
                object ->
                    object instanceof DestinationRule rule
                        ? EmptySubsets.of(rule, ingest.current())
                        : List.of(),
                clock));
    int webhookPort = webhooks.start();
    ready = true;
    log.info("serving: xDS on {}, webhooks on {}", ads.ports(), webhookPort);
    provision(settings, ca, webhookPort);
  }

  private static List<String> names(ControlOptions options) {
    return Stream.concat(Stream.of(options.advertise()), options.hosts().stream())
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private void expose(CaMetrics metrics) {
    metrics
        .read()
        .keySet()
        .forEach(
            name ->
                GaugeWithCallback.builder()
                    .name(name)
                    .help("Of the certificate service.")
                    .callback(c -> c.call(metrics.read().getOrDefault(name, 0L)))
                    .register(registry));
  }

  private AdsServer discovery(
      MeshSettings settings, MeshCa ca, ServingTls tls, CaMetrics caMetrics) {
    MemberClusters clusters = mesh.clusters();
    CallerInterceptor interceptor =
        new CallerInterceptor(
            new MeshAuthenticator(
                settings.trustDomain(),
                cluster -> clusters.api(cluster).map(KubernetesTokenReviewer::new),
                new TokenReviewCache(TOKENS_KEPT, clock),
                unnamedCluster()),
            caMetrics);
    return new AdsServer(
        adsSettings(),
        new AdsServer.Security(
            TlsServerCredentials.newBuilder()
                .keyManager(tls.keyManager())
                .trustManager(tls.trustManager())
                .clientAuth(ClientAuth.OPTIONAL)
                .build(),
            interceptor,
            CallerInterceptor::caller,
            CallerInterceptor::visitor,
            List.of(ca.service(), new TrafficService(traffic, CallerInterceptor::caller))),
        new Translation(),
        new AdsServer.Neighbours(
            findings -> ingest.accept(new ConfigEvent.Noticed("proxies", findings)), debug),
        registry,
        clock);
  }

  /** Of people's tools, which name none. */
  private UnnamedCluster unnamedCluster() {
    return options
        .control()
        .own()
        .<UnnamedCluster>map(UnnamedCluster.Own::new)
        .orElseGet(() -> new UnnamedCluster.ConfigApi(new KubernetesTokenReviewer(mesh.api())));
  }

  private AdsSettings adsSettings() {
    AdsSettings defaults = AdsSettings.defaults(options.xdsPort(), options.xdsTlsPort());
    return new AdsSettings(
        new InetSocketAddress(options.bind(), options.xdsPort()),
        new InetSocketAddress(options.bind(), options.xdsTlsPort()),
        defaults.maxConnectionAge(),
        defaults.podWait(),
        defaults.introduction(),
        defaults.pushWorkers());
  }

  private void provision(MeshSettings settings, MeshCa ca, int webhookPort)
      throws InterruptedException {
    if (options.advertise().isEmpty() && options.control().own().isEmpty()) {
      log.warn("no --advertise address: the member clusters are not pointed here");
      complaints.nothingIsKept();
      return;
    }
    ControlIdentity control = options.control().withInstance(instance());
    ProvisionSettings provision =
        ProvisionSettings.of(
            options.advertise(), InjectionSettings.of(settings, control, true), control);
    leadership.whileLeading(
        new Provisioning(
            mesh,
            ingest,
            ca.authority(),
            options.advertise().isEmpty()
                ? provision
                : provision.withValidation(
                    "https://"
                        + new HostPort(options.advertise(), webhookPort)
                        + ValidationWebhook.PATH),
            complaints,
            clock));
  }

  /** The mesh's own namespace lives as long as the mesh, and no other has its id. */
  private String instance() throws InterruptedException {
    String path = "/api/v1/namespaces/" + options.control().rootNamespace();
    for (int failures = 1; ; failures++) {
      try {
        Object metadata = mesh.api().get(path).map(n -> n.get("metadata")).orElse(null);
        if (metadata instanceof Map<?, ?> fields && fields.get("uid") instanceof String uid) {
          return uid;
        }
        log.warn("{} is not there yet; trying again", path);
      } catch (KubeApi.RefusedException e) {
        log.warn("{}; trying again", e.getMessage());
      }
      Thread.sleep(BACKOFF.delay(failures, ThreadLocalRandom.current()));
    }
  }

  private synchronized <T extends AutoCloseable> T closing(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public synchronized void close() {
    thread.interrupt();
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("while stopping: {}", e.getMessage());
      }
    }
  }
}
