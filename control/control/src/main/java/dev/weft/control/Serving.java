package dev.weft.control;

import dev.weft.ca.CaMetrics;
import dev.weft.ca.CaSettings;
import dev.weft.ca.CallerInterceptor;
import dev.weft.ca.CertificateAuthority;
import dev.weft.ca.CertificateService;
import dev.weft.ca.MeshAuthenticator;
import dev.weft.ca.Pem;
import dev.weft.ca.ServingCertificate;
import dev.weft.ca.ServingTls;
import dev.weft.ca.TokenReviewCache;
import dev.weft.config.ControlIdentity;
import dev.weft.config.MeshSettings;
import dev.weft.control.ads.AdsServer;
import dev.weft.control.ads.AdsSettings;
import dev.weft.control.ingest.Ingest;
import dev.weft.discovery.MemberClusters;
import dev.weft.discovery.MeshApi;
import dev.weft.inject.InjectionSettings;
import dev.weft.inject.ValidationWebhook;
import dev.weft.loop.Backoff;
import dev.weft.provision.ProvisionSettings;
import dev.weft.provision.kube.KubernetesCaStore;
import dev.weft.provision.kube.KubernetesTokenReviewer;
import dev.weft.provision.kube.Provisioner;
import dev.weft.provision.kube.ServerVersions;
import dev.weft.translate.Translation;
import dev.weft.types.HostPort;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What proxies and API servers connect to: discovery, certificates and webhooks; and the
 * provisioner, which points them here. All of it needs the mesh's CA, which is kept in the config
 * API, so it begins when the first snapshot is there. Confined to the thread that builds it, but
 * for {@link #close}.
 */
final class Serving implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
  private static final Duration LOOK = Duration.ofMinutes(1);
  private static final Duration TOKENS_KEPT = Duration.ofSeconds(30);

  private final ControlOptions options;
  private final Ingest ingest;
  private final MeshApi mesh;
  private final Proxies proxies;
  private final Provisioning provisioning;
  private final PrometheusRegistry registry;
  private final Consumer<String> failed;
  private final InstantSource clock = InstantSource.system();
  private final Thread thread;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private volatile boolean ready;

  /**
   * @param failed told why this process is of no use
   */
  Serving(
      ControlOptions options,
      Ingest ingest,
      MeshApi mesh,
      Proxies proxies,
      Provisioning provisioning,
      PrometheusRegistry registry,
      Consumer<String> failed) {
    this.options = options;
    this.ingest = ingest;
    this.mesh = mesh;
    this.proxies = proxies;
    this.provisioning = provisioning;
    this.registry = registry;
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
    KubernetesCaStore store = new KubernetesCaStore(mesh.api(), settings.rootNamespace());
    CertificateAuthority authority = obtain(store, settings);
    String roots = Pem.of(authority.roots());

    CaMetrics caMetrics = new CaMetrics();
    caMetrics
        .read()
        .keySet()
        .forEach(
            name ->
                GaugeWithCallback.builder()
                    .name(name)
                    .help("Of the certificate service.")
                    .callback(c -> c.call(caMetrics.read().getOrDefault(name, 0L)))
                    .register(registry));
    CurrentCertificateService certificates =
        new CurrentCertificateService(new CertificateService(authority, caMetrics, clock));
    followLifetimes(store, settings, caMetrics, certificates);

    ServingCertificate serving =
        new ServingCertificate(
            authority,
            ServingCertificate.hosts(
                options.advertise().isEmpty() ? List.of() : List.of(options.advertise())),
            clock);
    closing(serving.start());
    ServingTls tls = new ServingTls(serving);

    MemberClusters clusters = mesh.clusters();
    CallerInterceptor interceptor =
        new CallerInterceptor(
            new MeshAuthenticator(
                settings.trustDomain(),
                cluster -> clusters.api(cluster).map(KubernetesTokenReviewer::new),
                new TokenReviewCache(TOKENS_KEPT, clock)),
            caMetrics);
    AdsServer ads =
        new AdsServer(
            adsSettings(),
            new AdsServer.Security(
                TlsServerCredentials.newBuilder()
                    .keyManager(tls.keyManager())
                    .trustManager(tls.trustManager())
                    .clientAuth(ClientAuth.OPTIONAL)
                    .build(),
                interceptor,
                CallerInterceptor::caller,
                List.of(certificates)),
            new Translation(),
            registry,
            clock);
    ingest.subscribe(ads);
    closing(ads.start());
    proxies.server(ads);

    ControlIdentity control = ControlIdentity.hosted(settings.rootNamespace());
    ServerVersions versions =
        new ServerVersions(mesh.clusters()::api, mesh.api(), InstantSource.system());
    WebhookServer webhooks =
        closing(
            new WebhookServer(
                options.bind(),
                options.webhookPort(),
                tls,
                cluster ->
                    InjectionSettings.of(
                        ingest.current().settings(),
                        control,
                        versions.sidecarContainers(cluster))));
    int webhookPort = webhooks.start();
    provision(settings, control, roots, webhookPort);
    ready = true;
    log.info("serving: xDS on {}, webhooks on {}", ads.ports(), webhookPort);
  }

  private AdsSettings adsSettings() {
    AdsSettings defaults = AdsSettings.defaults(options.xdsPort(), options.xdsTlsPort());
    return new AdsSettings(
        new InetSocketAddress(options.bind(), options.xdsPort()),
        new InetSocketAddress(options.bind(), options.xdsTlsPort()),
        defaults.maxConnectionAge(),
        defaults.podWait(),
        defaults.pushWorkers());
  }

  private void provision(
      MeshSettings settings, ControlIdentity control, String roots, int webhookPort) {
    if (options.advertise().isEmpty() && control.own().isEmpty()) {
      log.warn("no --advertise address: the member clusters are not pointed here");
      return;
    }
    Provisioner provisioner =
        closing(
            new Provisioner(
                mesh.api(),
                mesh.clusters()::api,
                ProvisionSettings.of(
                        options.advertise(), InjectionSettings.of(settings, control, true), control)
                    .withValidation(
                        "https://"
                            + new HostPort(options.advertise(), webhookPort)
                            + ValidationWebhook.PATH),
                new Random()));
    provisioning.provisioner(provisioner);
    ingest.subscribeConfig(config -> provisioner.update(config, roots));
  }

  /** The mesh's CA, as soon as the config API gives it out. */
  private CertificateAuthority obtain(KubernetesCaStore store, MeshSettings settings)
      throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        return CertificateAuthority.obtain(store, caSettings(settings), clock, new SecureRandom());
      } catch (IOException | IllegalArgumentException e) {
        log.warn("the mesh's CA cannot be read: {}; trying again", e.getMessage());
        Thread.sleep(BACKOFF.delay(failures, ThreadLocalRandom.current()));
      }
    }
  }

  private static CaSettings caSettings(MeshSettings settings) {
    CaSettings defaults = CaSettings.of(settings.trustDomain());
    Duration ttl = settings.certificateLifetime();
    Duration longest = settings.maxCertificateLifetime();
    return new CaSettings(
            settings.trustDomain(),
            ttl.compareTo(longest) > 0 ? longest : ttl,
            longest,
            defaults.servingTtl(),
            defaults.rootTtl(),
            defaults.clockSkew())
        .withWorkloadTtl(ttl.compareTo(longest) > 0 ? longest : ttl);
  }

  /** Lifetimes can be changed while the mesh runs. */
  private void followLifetimes(
      KubernetesCaStore store,
      MeshSettings first,
      CaMetrics metrics,
      CurrentCertificateService certificates) {
    AtomicReference<CaSettings> inForce = new AtomicReference<>(caSettings(first));
    ingest.subscribe(
        (snapshot, delta) -> {
          CaSettings wanted = caSettings(snapshot.settings());
          CaSettings before = inForce.get();
          if (!delta.settings() || wanted.equals(before)) {
            return;
          }
          if (!wanted.trustDomain().equals(before.trustDomain())) {
            log.warn("a new trust domain takes effect when the control plane starts again");
            return;
          }
          inForce.set(wanted);
          Thread.ofVirtual()
              .name("certificate-settings")
              .start(() -> become(store, snapshot.settings(), metrics, certificates));
        });
  }

  private void become(
      KubernetesCaStore store,
      MeshSettings settings,
      CaMetrics metrics,
      CurrentCertificateService certificates) {
    try {
      certificates.become(new CertificateService(obtain(store, settings), metrics, clock));
      log.info("workload certificates live for {} from now on", settings.certificateLifetime());
    } catch (InterruptedException e) {
      log.debug("stopped while changing certificate settings");
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
