package dev.weft.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Who this workload is. Lives in memory only.
 *
 * @param uri the certificate's SPIFFE id
 * @param key never written anywhere, and not part of {@link #toString()}
 * @param chain the workload's certificate first, then intermediates, without the root
 * @param roots what peers are verified against
 * @param generation counts up with each change of any part
 */
public record WorkloadIdentity(
    String uri,
    PrivateKey key,
    List<X509Certificate> chain,
    List<X509Certificate> roots,
    long generation) {
  public WorkloadIdentity {
    chain = List.copyOf(chain);
    roots = List.copyOf(roots);
    if (chain.isEmpty() || roots.isEmpty()) {
      throw new IllegalArgumentException("identity " + uri + " lacks a certificate or a root");
    }
  }

  /** The workload's own certificate. */
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  public Instant notBefore() {
    return leaf().getNotBefore().toInstant();
  }

  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  @Override
  public String toString() {
    return "WorkloadIdentity[" + uri + ", key [redacted], until " + notAfter() + "]";
  }
}
