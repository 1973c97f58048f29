package dev.weft.runtime;

import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;

/** A secret that the control plane handed out (SDS). It is in memory alone, and never shown. */
public sealed interface TlsSecret {
  /**
   * What a server shows, or a client.
   *
   * @param chain leaf first
   */
  record KeyPair(PrivateKey key, List<X509Certificate> chain) implements TlsSecret {
    public KeyPair {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "KeyPair[key redacted, " + chain.getFirst().getSubjectX500Principal() + "]";
    }
  }

  /**
   * What the other side's certificate is verified against.
   *
   * @param revoked lists of certificates that are not good any more; empty: none is looked at
   */
  record Trusted(List<X509Certificate> roots, List<X509CRL> revoked) implements TlsSecret {
    public Trusted {
      roots = List.copyOf(roots);
      revoked = List.copyOf(revoked);
    }

    @Override
    public String toString() {
      return "Trusted[" + roots.size() + " roots]";
    }
  }
}
