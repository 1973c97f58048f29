package dev.weft.ca;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CA of this mesh as it is now: the one that the operator plugged in (secret {@code cacerts}),
 * else the one that a control plane made by itself (secret {@code istio-ca-secret}). The secrets
 * may come, change and go while the mesh runs; one that cannot be used leaves the CA before in
 * force.
 *
 * <p>Thread-safe. {@link #check} is the whole of its behaviour in time; {@link #start} calls it.
 */
public final class CurrentAuthority implements Supplier<CertificateAuthority> {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentAuthority.class);

  private final CaStore store;
  private final InstantSource clock;
  private final SecureRandom random;
  private final List<Consumer<CertificateAuthority>> listeners = new CopyOnWriteArrayList<>();
  private final Object looking = new Object();
  // Guarded by looking.
  private Origin origin;
  private boolean missed;
  // Written under this alone, which nobody holds while waiting for the store.
  private volatile CertificateAuthority current;

  /** Where a CA came from. */
  private record Origin(String secret, CaEntries entries) {
    SigningIdentity signer(Instant now) {
      return SigningIdentity.parse(secret, entries, now);
    }
  }

  private CurrentAuthority(
      CaStore store,
      CaSettings settings,
      InstantSource clock,
      SecureRandom random,
      Origin origin,
      SigningIdentity signer) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.origin = origin;
    this.current = new CertificateAuthority(signer, settings, clock, random);
  }

  /**
   * Reads the CA, and makes and stores one where there is none yet.
   *
   * @throws IOException where the store gave no answer
   * @throws IllegalArgumentException where a stored CA is unusable, saying which entry and why
   */
  public static CurrentAuthority obtain(
      CaStore store, CaSettings settings, InstantSource clock, SecureRandom random)
      throws IOException {
    Optional<CaEntries> plugged = store.load(CaStore.PLUGGED);
    Origin origin =
        plugged.isPresent()
            ? new Origin(CaStore.PLUGGED, plugged.get())
            : selfMade(store, settings, clock, random);
    return new CurrentAuthority(
        store, settings, clock, random, origin, origin.signer(clock.instant()));
  }

  private static Origin selfMade(
      CaStore store, CaSettings settings, InstantSource clock, SecureRandom random)
      throws IOException {
    Optional<CaEntries> earlier = store.load(CaStore.SELF_SIGNED);
    return new Origin(
        CaStore.SELF_SIGNED,
        earlier.isPresent()
            ? earlier.get()
            : store.createIfAbsent(
                CaStore.SELF_SIGNED,
                CertificateAuthority.selfSigned(settings, clock.instant(), random).entries()));
  }

  @Override
  public CertificateAuthority get() {
    return current;
  }

  /** Tells of every later one with other keys or roots. Closing ends it. */
  public ServingIdentity.Subscription onChange(Consumer<CertificateAuthority> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** From now on certificates are made like this; keys and roots stay. */
  public synchronized void become(CaSettings next) {
    current = current.with(next);
  }

  private synchronized CertificateAuthority become(SigningIdentity signer) {
    CertificateAuthority next = new CertificateAuthority(signer, current.settings(), clock, random);
    current = next;
    return next;
  }

  /**
   * Looks at the secrets and takes over what is new.
   *
   * @throws IOException where the store gave no answer; the CA before stays in force
   * @throws IllegalArgumentException where a stored CA is unusable, saying which entry and why; the
   *     CA before stays in force
   */
  void check() throws IOException {
    synchronized (looking) {
      look();
    }
  }

  /** Called with {@code looking} held. */
  private void look() throws IOException {
    Optional<CaEntries> plugged = store.load(CaStore.PLUGGED);
    boolean wasMissed = missed;
    missed = plugged.isEmpty();
    if (plugged.isPresent()) {
      adopt(new Origin(CaStore.PLUGGED, plugged.get()));
    } else if (origin.secret().equals(CaStore.PLUGGED)) {
      // Secrets are replaced by deleting and creating them: another root in between would cut the
      // mesh in two, so it has to be gone twice.
      if (wasMissed) {
        adopt(selfMade(store, current.settings(), clock, random));
      }
    } else {
      Optional<CaEntries> own = store.load(CaStore.SELF_SIGNED);
      adopt(
          new Origin(
              CaStore.SELF_SIGNED,
              own.isPresent()
                  ? own.get()
                  : store.createIfAbsent(CaStore.SELF_SIGNED, origin.entries())));
    }
  }

  /** Called with {@code looking} held. */
  private void adopt(Origin next) {
    if (next.equals(origin)) {
      return;
    }
    SigningIdentity signer = next.signer(clock.instant());
    origin = next;
    CertificateAuthority authority = become(signer);
    LOG.info(
        "the CA is now that of secret {}, {}, valid to {}, with {} roots",
        next.secret(),
        signer.certificate().getSubjectX500Principal(),
        signer.certificate().getNotAfter().toInstant(),
        signer.roots().size());
    listeners.forEach(l -> l.accept(authority));
  }

  /**
   * Begins to look in the background, until the result is closed.
   *
   * @param every between two looks
   * @param complaints told after every look what is wrong with the secrets; empty for nothing
   */
  public ServingIdentity.Subscription start(Duration every, Consumer<String> complaints) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("ca-secrets").daemon().factory());
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(
            () -> check(complaints), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    return timer::shutdownNow;
  }

  private void check(Consumer<String> complaints) {
    try {
      check();
      complaints.accept("");
    } catch (IOException e) {
      LOG.debug("the CA secrets cannot be read now: {}", e.getMessage());
    } catch (IllegalArgumentException e) {
      complaints.accept(e.getMessage() + "; the CA before stays in force");
    } catch (RuntimeException e) {
      LOG.error("the CA secrets could not be followed; trying again", e);
    }
  }
}
