package dev.weft.ca;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that speak for it.
 *
 * @param key of the first certificate
 * @param chain leaf first, then intermediates; at least the leaf, never the root unless it is the
 *     leaf
 * @param roots what peers of the mesh are verified against; at least one
 */
public record CertifiedKey(
    PrivateKey key, List<X509Certificate> chain, List<X509Certificate> roots) {
  public CertifiedKey {
    chain = List.copyOf(chain);
    roots = List.copyOf(roots);
    if (chain.isEmpty() || roots.isEmpty()) {
      throw new IllegalArgumentException("a certified key needs a certificate and a root");
    }
  }

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  @Override
  public String toString() {
    return "CertifiedKey(" + leaf().getSubjectX500Principal() + ")";
  }
}
