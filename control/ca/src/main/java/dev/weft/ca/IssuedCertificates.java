package dev.weft.ca;

import dev.weft.types.ClusterId;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The certificates that were issued last and are still valid, without keys, which nobody but their
 * owners ever had. Bounded: the oldest go first. Thread-safe.
 */
public final class IssuedCertificates {
  /** Each some 500 bytes. */
  private static final int MAX = 5_000;

  private final InstantSource clock;
  private final Deque<Issued> kept = new ArrayDeque<>();

  /**
   * One of them.
   *
   * @param cluster of whoever asked
   */
  public record Issued(ClusterId cluster, CertificateFacts certificate) {}

  IssuedCertificates(InstantSource clock) {
    this.clock = clock;
  }

  void add(Caller caller, X509Certificate leaf) {
    Issued issued = new Issued(caller.cluster(), CertificateFacts.of(leaf));
    synchronized (kept) {
      if (kept.size() >= MAX) {
        Issued unused = kept.removeFirst();
      }
      kept.addLast(issued);
    }
  }

  /** Those that are valid now, the newest first. */
  public List<Issued> valid() {
    Instant now = clock.instant();
    synchronized (kept) {
      kept.removeIf(issued -> !issued.certificate().notAfter().isAfter(now));
      return List.copyOf(kept.reversed());
    }
  }
}
