package dev.weft.ca;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane's own certificate, renewed before half of its life is over.
 *
 * <p>Thread-safe. {@link #check} is the whole of its behaviour in time; {@link #start} calls it.
 */
public final class ServingCertificate implements ServingIdentity {
  private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);

  // Of the life of a certificate: before half, with room for a check that comes late.
  private static final double RENEW_AT = 0.45;
  private static final Duration OFTEN_AT_MOST = Duration.ofMillis(200);
  private static final Duration SELDOM_AT_MOST = Duration.ofMinutes(10);

  private final Supplier<CertificateAuthority> authority;
  private final List<String> hosts;
  private final InstantSource clock;
  private final List<Consumer<CertifiedKey>> listeners = new CopyOnWriteArrayList<>();
  private volatile CertifiedKey current;

  /**
   * Makes the first certificate.
   *
   * @param authority the CA of the moment
   * @param hosts DNS names and addresses that clients may call us by
   */
  public ServingCertificate(
      Supplier<CertificateAuthority> authority, List<String> hosts, InstantSource clock) {
    this.authority = authority;
    this.hosts = List.copyOf(hosts);
    this.clock = clock;
    this.current = authority.get().serve(this.hosts);
  }

  /**
   * The names that Istio's data planes use, and what the operator adds.
   *
   * @param service in front of the control plane, such as {@code istiod-canary}
   * @param namespace of that Service
   * @param more addresses and hosts under which the control plane is advertised
   */
  public static List<String> hosts(String service, String namespace, List<String> more) {
    return Stream.of(names("istiod", "istio-system"), names(service, namespace), more.stream())
        .flatMap(names -> names)
        .distinct()
        .toList();
  }

  private static Stream<String> names(String service, String namespace) {
    String name = service + "." + namespace;
    return Stream.of(name + ".svc", name, name + ".svc.cluster.local");
  }

  @Override
  public CertifiedKey current() {
    return current;
  }

  @Override
  public Subscription onRotation(Consumer<CertifiedKey> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Makes another one now, such as after a change of the CA. */
  public synchronized void renew() {
    CertifiedKey next = authority.get().serve(hosts);
    current = next;
    LOG.info("serving certificate renewed, valid to {}", next.leaf().getNotAfter().toInstant());
    listeners.forEach(l -> l.accept(next));
  }

  /** Renews where it is time; returns how long to wait before the next look. */
  synchronized Duration check() {
    if (!clock.instant().isBefore(renewal(current.leaf()))) {
      renew();
    }
    Duration left = Duration.between(clock.instant(), renewal(current.leaf()));
    if (left.compareTo(OFTEN_AT_MOST) < 0) {
      return OFTEN_AT_MOST;
    }
    // A clock may jump, and a machine may sleep: look again long before the time.
    return left.compareTo(SELDOM_AT_MOST) > 0 ? SELDOM_AT_MOST : left;
  }

  /** Begins to renew in the background, until the result is closed. */
  public Subscription start() {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("serving-certificate").daemon().factory());
    schedule(timer, Duration.ZERO);
    return timer::shutdownNow;
  }

  private void schedule(ScheduledExecutorService timer, Duration delay) {
    ScheduledFuture<?> unused =
        timer.schedule(
            () -> {
              Duration next = OFTEN_AT_MOST;
              try {
                next = check();
              } catch (RuntimeException e) {
                LOG.error("serving certificate could not be renewed; trying again", e);
                next = Duration.ofSeconds(10);
              }
              if (!timer.isShutdown()) {
                schedule(timer, next);
              }
            },
            delay.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static Instant renewal(X509Certificate certificate) {
    Instant from = certificate.getNotBefore().toInstant();
    Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
    return from.plusMillis((long) (life.toMillis() * RENEW_AT));
  }
}
