package dev.weft.server.tls;

import dev.weft.runtime.TlsSecret;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys and roots by the names that the configuration uses ({@code default}, {@code ROOTCA} …). */
public interface TlsSecrets {
  /** A key with its chain, or null while it is not there. Any thread; must not block. */
  @Nullable KeyMaterial key(String name);

  /** Roots, or null while they are not there. Any thread; must not block. */
  @Nullable Roots roots(String name);

  /** Revocation lists of a file, or null while they are not there. Any thread; must not block. */
  @Nullable Revocations revocations(String path);

  /** What the control plane hands out from now on. Called by one thread. */
  void handedOut(Map<String, TlsSecret> secrets);

  /**
   * A private key and its certificates, leaf first.
   *
   * @param generation changes with each renewal
   */
  record KeyMaterial(PrivateKey key, List<X509Certificate> chain, long generation) {
    public KeyMaterial {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "KeyMaterial[generation " + generation + ", key redacted]";
    }
  }

  /**
   * Certificates that peers are verified against.
   *
   * @param revoked lists that came with them; empty for none
   * @param generation changes with each renewal
   */
  record Roots(List<X509Certificate> certificates, List<X509CRL> revoked, long generation) {
    public Roots {
      certificates = List.copyOf(certificates);
      revoked = List.copyOf(revoked);
    }
  }

  /**
   * Lists of certificates that are not good any more.
   *
   * @param generation changes with each renewal
   */
  record Revocations(List<X509CRL> lists, long generation) {
    public Revocations {
      lists = List.copyOf(lists);
    }
  }
}
