package dev.weft.control;

import dev.weft.ca.CaMetrics;
import dev.weft.ca.CaSettings;
import dev.weft.ca.CaStore;
import dev.weft.ca.CertificateService;
import dev.weft.ca.CurrentAuthority;
import dev.weft.ca.ServingCertificate;
import dev.weft.config.ConfigEvent;
import dev.weft.config.Diagnostic;
import dev.weft.config.MeshSettings;
import dev.weft.loop.Backoff;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this process certifies: with the CA of the moment, for lifetimes that the mesh settings say.
 * When the CA changes, the control plane's own certificate is made anew at once.
 */
final class MeshCa implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MeshCa.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
  // A secret that is gone counts after two looks, so that everything is taken over in 10 s.
  private static final Duration LOOK = Duration.ofSeconds(4);

  private final CurrentAuthority authority;
  private final CertificateService service;
  private final ServingCertificate serving;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private CaSettings inForce;

  private MeshCa(
      CurrentAuthority authority,
      CaSettings settings,
      List<String> hosts,
      CaMetrics metrics,
      InstantSource clock) {
    this.authority = authority;
    this.inForce = settings;
    this.service = new CertificateService(authority, metrics, clock);
    this.serving = new ServingCertificate(authority, hosts, clock);
  }

  /**
   * The mesh's CA, as soon as the config API gives it out.
   *
   * @param hosts names of the control plane in its own certificate
   */
  static MeshCa obtain(
      CaStore store,
      MeshSettings settings,
      List<String> hosts,
      CaMetrics metrics,
      InstantSource clock)
      throws InterruptedException {
    CaSettings wanted = settings(settings);
    for (int failures = 1; ; failures++) {
      try {
        CurrentAuthority authority =
            CurrentAuthority.obtain(store, wanted, clock, new SecureRandom());
        return new MeshCa(authority, wanted, hosts, metrics, clock);
      } catch (IOException | IllegalArgumentException e) {
        log.warn("the mesh's CA cannot be read: {}; trying again", e.getMessage());
        Thread.sleep(BACKOFF.delay(failures, ThreadLocalRandom.current()));
      }
    }
  }

  /**
   * Begins to follow the secrets and to renew the own certificate.
   *
   * @param events told what is wrong with the secrets
   */
  void start(String rootNamespace, Consumer<ConfigEvent> events) {
    parts.push(
        authority.onChange(
            now -> {
              service.rootsChanged(now);
              serving.renew();
            }));
    parts.push(serving.start());
    parts.push(
        authority.start(
            LOOK,
            complaint ->
                events.accept(new ConfigEvent.Noticed("ca", findings(complaint, rootNamespace)))));
  }

  private static List<Diagnostic> findings(String complaint, String rootNamespace) {
    return complaint.isEmpty()
        ? List.of()
        : List.of(
            Diagnostic.error("bad-ca", "Secret " + rootNamespace + "/cacerts", "data", complaint));
  }

  CurrentAuthority authority() {
    return authority;
  }

  CertificateService service() {
    return service;
  }

  ServingCertificate serving() {
    return serving;
  }

  /** Lifetimes can be changed while the mesh runs; confined to who tells of settings. */
  void become(MeshSettings settings) {
    CaSettings wanted = settings(settings);
    if (wanted.equals(inForce)) {
      return;
    }
    if (!wanted.trustDomain().equals(inForce.trustDomain())) {
      log.warn("a new trust domain takes effect when the control plane starts again");
      return;
    }
    inForce = wanted;
    authority.become(wanted);
    log.info("workload certificates live for {} from now on", wanted.workloadTtl());
  }

  private static CaSettings settings(MeshSettings settings) {
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

  @Override
  public void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }
}
