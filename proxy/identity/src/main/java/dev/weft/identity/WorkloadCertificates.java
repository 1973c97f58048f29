package dev.weft.identity;

import dev.weft.loop.Backoff;
import dev.weft.runtime.Pem;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the workload's certificate valid: makes a key, has it signed, and begins anew before half
 * of the certificate's life is over (Istio: {@code SECRET_GRACE_PERIOD_RATIO} 0.5, jitter 0.01).
 * Keys stay in memory. Confined to the control loop, but for {@link #current}, {@link #watch} and
 * {@link #renew}.
 */
public final class WorkloadCertificates implements IdentitySource {
  private static final Logger LOG = LoggerFactory.getLogger(WorkloadCertificates.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
  private static final double GRACE = 0.5;
  private static final double JITTER = 0.01;

  private final ScheduledExecutorService loop;
  private final CertificateAuthority authority;
  private final RootFile rootFile;
  private final String uri;
  private final KeyKind keyKind;
  private final Duration asked;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final List<Consumer<WorkloadIdentity>> watchers = new ArrayList<>();
  private List<X509Certificate> chainRoots = List.of();
  private int failures;
  private boolean useToken = true;
  private boolean asking;
  private @Nullable ScheduledFuture<?> planned;
  private volatile @Nullable WorkloadIdentity current;
  private volatile String lastError = "";
  private volatile boolean closed;

  /** What keys are made. */
  public enum KeyKind {
    EC_P256,
    RSA_2048;

    KeyPair generate() throws GeneralSecurityException {
      return switch (this) {
        case EC_P256 -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
          generator.initialize(new ECGenParameterSpec("secp256r1"));
          yield generator.generateKeyPair();
        }
        case RSA_2048 -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
          generator.initialize(2048);
          yield generator.generateKeyPair();
        }
      };
    }
  }

  /**
   * An identity that nobody has asked for yet.
   *
   * @param asked how long certificates should be valid; the authority may give less
   */
  public WorkloadCertificates(
      ScheduledExecutorService loop,
      CertificateAuthority authority,
      RootFile rootFile,
      String uri,
      KeyKind keyKind,
      Duration asked,
      InstantSource clock,
      RandomGenerator random) {
    this.loop = loop;
    this.authority = authority;
    this.rootFile = rootFile;
    this.uri = uri;
    this.keyKind = keyKind;
    this.asked = asked;
    this.clock = clock;
    this.random = random;
  }

  /** Asks for the first certificate, and looks after it from then on. */
  public void start() {
    loop.execute(this::ask);
    loop.execute(this::checkRoots);
  }

  @Override
  public @Nullable WorkloadIdentity current() {
    return current;
  }

  /** Why there is no (new) certificate; empty where all is well. */
  public String lastError() {
    return lastError;
  }

  @Override
  public void watch(Consumer<WorkloadIdentity> listener) {
    loop.execute(
        () -> {
          watchers.add(listener);
          WorkloadIdentity identity = current;
          if (identity != null) {
            listener.accept(identity);
          }
        });
  }

  /** Asks for another certificate now, such as where the authority has changed. Any thread. */
  public void renew() {
    loop.execute(this::ask);
  }

  /** There is one plan at a time: who asks earlier takes the place of the later one. */
  private void plan(Duration delay) {
    planned = loop.schedule(this::ask, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void ask() {
    if (closed || asking) {
      return;
    }
    asking = true;
    if (planned != null) {
      planned.cancel(false);
    }
    WorkloadIdentity held = current;
    boolean withToken = useToken || held == null || held.notAfter().isBefore(clock.instant());
    try {
      KeyPair pair = keyKind.generate();
      authority.sign(
          CertificateRequest.pem(pair, uri),
          asked.toSeconds(),
          withToken,
          answer -> {
            asking = false;
            answered(pair, answer);
          });
    } catch (GeneralSecurityException e) {
      asking = false;
      failed("no key could be made: " + e.getMessage(), false);
    }
  }

  private void answered(KeyPair pair, CertificateAuthority.Answer answer) {
    switch (answer) {
      case CertificateAuthority.Answer.Failed failed -> failed(failed.reason(), failed.refused());
      case CertificateAuthority.Answer.Signed signed -> {
        try {
          take(pair, signed.chainPem());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
          failed("the certificate cannot be used: " + e.getMessage(), false);
        }
      }
    }
  }

  private void take(KeyPair pair, List<String> chainPem) throws GeneralSecurityException {
    List<X509Certificate> chain = new ArrayList<>();
    for (String pem : chainPem) {
      chain.addAll(Pem.certificates(pem));
    }
    if (chain.isEmpty() || !chain.getFirst().getPublicKey().equals(pair.getPublic())) {
      throw new GeneralSecurityException("the authority signed another key");
    }
    List<X509Certificate> roots = new ArrayList<>();
    while (chain.size() > 1 && selfSigned(chain.getLast())) {
      roots.add(chain.removeLast());
    }
    chainRoots = roots;
    publish(pair.getPrivate(), chain);
    failures = 0;
    useToken = true;
    lastError = "";
    X509Certificate leaf = chain.getFirst();
    Duration wait =
        untilRenewal(
            leaf.getNotBefore().toInstant(),
            leaf.getNotAfter().toInstant(),
            clock.instant(),
            random);
    LOG.info(
        "Certificate for {} until {}, renewal in {}", uri, leaf.getNotAfter().toInstant(), wait);
    plan(wait);
  }

  private static boolean selfSigned(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  /** At half of the life that is left of the certificate's, give or take one percent of it. */
  static Duration untilRenewal(
      Instant notBefore, Instant notAfter, Instant now, RandomGenerator random) {
    Duration life = Duration.between(notBefore, notAfter);
    double ratio = GRACE - JITTER + 2 * JITTER * random.nextDouble();
    Instant due = notBefore.plusMillis((long) (life.toMillis() * ratio));
    Duration wait = Duration.between(now, due);
    return wait.compareTo(Duration.ofMillis(500)) < 0 ? Duration.ofMillis(500) : wait;
  }

  private void failed(String reason, boolean refused) {
    failures++;
    lastError = reason;
    // A renewal alternates between token and certificate, so that one of them may fail.
    useToken = refused && current != null ? !useToken : useToken;
    Duration delay = BACKOFF.delay(failures, random);
    if (failures == 1 || failures % 10 == 0) {
      LOG.warn("No certificate for {}: {}; next try in {} ms", uri, reason, delay.toMillis());
    }
    plan(delay);
  }

  private void publish(java.security.PrivateKey key, List<X509Certificate> chain) {
    WorkloadIdentity before = current;
    List<X509Certificate> roots = roots(chain);
    WorkloadIdentity next =
        new WorkloadIdentity(uri, key, chain, roots, before == null ? 1 : before.generation() + 1);
    current = next;
    watchers.forEach(w -> w.accept(next));
  }

  /**
   * The mesh's roots in the file, and the one that the own certificate leads to, which may be there
   * before the file. Others that came with the certificate do not count: a root that the mesh has
   * taken back would live on with them until the next renewal.
   */
  private List<X509Certificate> roots(List<X509Certificate> chain) {
    List<X509Certificate> roots = new ArrayList<>(rootFile.certificates());
    for (X509Certificate root : chainRoots) {
      if (!roots.contains(root) && (rootFile.certificates().isEmpty() || leads(chain, root))) {
        roots.add(root);
      }
    }
    return roots;
  }

  /** Two roots may have the same name: the signature tells. */
  private static boolean leads(List<X509Certificate> chain, X509Certificate root) {
    X509Certificate last = chain.getLast();
    if (!last.getIssuerX500Principal().equals(root.getSubjectX500Principal())) {
      return false;
    }
    try {
      last.verify(root.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private void checkRoots() {
    if (closed) {
      return;
    }
    WorkloadIdentity identity = current;
    if (rootFile.changed()
        && identity != null
        && !identity.roots().equals(roots(identity.chain()))) {
      LOG.info("The mesh's roots changed");
      publish(identity.key(), identity.chain());
    }
    loop.schedule(this::checkRoots, 5, TimeUnit.SECONDS);
  }

  /** No more renewals. */
  public void close() {
    closed = true;
  }
}
