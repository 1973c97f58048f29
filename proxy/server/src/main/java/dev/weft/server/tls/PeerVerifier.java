package dev.weft.server.tls;

import dev.weft.exchange.PeerCertificate;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Verifies chains against fixed roots. Path building is done once per distinct leaf; afterwards
 * only the validity period is checked, because workloads show the same certificate with every
 * connection. Names are compared by the caller, per connection. Safe for all loops.
 */
final class PeerVerifier extends X509ExtendedTrustManager {
  private static final int MAX_CACHED = 8192;
  private static final String ANY_USAGE = "2.5.29.37.0";
  private static final String SERVER_USAGE = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";

  private final List<X509Certificate> roots;
  private final List<X509CRL> revoked;
  private final Set<TrustAnchor> anchors = new HashSet<>();
  private final InstantSource clock;
  private final ConcurrentHashMap<X509Certificate, PeerCertificate> verified =
      new ConcurrentHashMap<>();

  /**
   * @param revoked where there are any, every issuer of a chain must have one that is in force
   */
  PeerVerifier(List<X509Certificate> roots, List<X509CRL> revoked, InstantSource clock) {
    this.roots = List.copyOf(roots);
    this.revoked = List.copyOf(revoked);
    this.clock = clock;
    for (X509Certificate root : roots) {
      anchors.add(new TrustAnchor(root, null));
    }
  }

  /** What a certificate that was verified says, or null. */
  @Nullable PeerCertificate verified(X509Certificate leaf) {
    return verified.get(leaf);
  }

  private void check(X509Certificate[] chain, String usage) throws CertificateException {
    if (chain.length == 0) {
      throw new CertificateException("the peer sent no certificate");
    }
    X509Certificate leaf = chain[0];
    Date now = Date.from(clock.instant());
    // A revocation list runs out by itself, and what was good by it is not then.
    if (revoked.isEmpty() && verified.containsKey(leaf)) {
      leaf.checkValidity(now);
      return;
    }
    validate(chain, now);
    List<String> usages = leaf.getExtendedKeyUsage();
    if (usages != null && !usages.contains(usage) && !usages.contains(ANY_USAGE)) {
      throw new CertificateException("the certificate is not made for this side of a connection");
    }
    if (verified.size() >= MAX_CACHED) {
      verified.clear();
    }
    verified.put(leaf, PeerCertificate.of(leaf));
  }

  private void validate(X509Certificate[] chain, Date now) throws CertificateException {
    List<X509Certificate> path = new ArrayList<>(chain.length);
    for (X509Certificate certificate : chain) {
      if (!roots.contains(certificate)) {
        path.add(certificate);
      }
    }
    if (path.isEmpty()) {
      throw new CertificateException("the peer shows a root as its own certificate");
    }
    try {
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(!revoked.isEmpty());
      if (!revoked.isEmpty()) {
        parameters.addCertStore(
            CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
      }
      parameters.setDate(now);
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, CLIENT_USAGE);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, SERVER_USAGE);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, CLIENT_USAGE);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, SERVER_USAGE);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, CLIENT_USAGE);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, SERVER_USAGE);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return roots.toArray(new X509Certificate[0]);
  }
}
